// The functions that Kubernetes adds to CEL for texts.
import type { Environment } from '@marcbachmann/cel-js';
import { formatText } from './format-text.ts';

/** What stands before the dot in `strings.quote(text)`. */
class Strings {}

function charAt(text: string, at: bigint): string {
  const chars = Array.from(text);
  if (at < 0n || at > BigInt(chars.length)) throw new Error(`index out of range: ${at}`);
  return chars[Number(at)] ?? '';
}

/** The first places only, where a count is given that is not below 0. */
function replace(text: string, from: string, to: string, most: bigint): string {
  if (most < 0n) return text.replaceAll(from, () => to);
  let left = most;
  return text.replaceAll(from, (found) => {
    left -= 1n;
    return left < 0n ? found : to;
  });
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

const quote = (text: string): string => `"${Array.from(text, (char) => ESCAPES.get(char) ?? char).join('')}"`;

/** Letters of ASCII only, whatever else the text holds. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

export function addTexts(environment: Environment): Environment {
  return environment
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      replace(text, from, to, -1n),
    )
    .registerFunction('string.replace(string, string, int): string', replace)
    .registerFunction('string.lowercased(): string', lower)
    .registerFunction('string.uppercased(): string', upper)
    .registerFunction('string.format(list): string', formatText)
    .registerType('Strings', Strings)
    .registerConstant('strings', 'Strings', new Strings())
    .registerFunction('Strings.quote(string): string', (_: Strings, text: string) => quote(text));
}
