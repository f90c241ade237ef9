// YAML text as parsed documents, whose scalars are still texts; what is nested too deep is refused before it can do harm.
import { Composer, type CST, type Document, type LineCounter, Parser } from 'yaml';

export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/** The parser works on a list, but what composes its result calls itself: deep enough, it would end the process. */
export const YAML_DEPTH_MAX = 200;

/** Mistakes are in the documents' `errors`; only nesting without end is thrown. */
export function parseYaml(text: string, lines?: LineCounter): Document.Parsed[] {
  const parser = new Parser(lines?.addNewLine);
  const composer = new Composer({
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
    ...(lines === undefined ? {} : { lineCounter: lines }),
  });
  const documents: Document.Parsed[] = [];
  for (const token of parser.parse(text)) {
    if (isTooDeep(token)) throw new YamlError(`it is nested more than ${YAML_DEPTH_MAX} deep`);
    documents.push(...(composer.next(token) as Iterable<Document.Parsed>));
  }
  documents.push(...(composer.end() as Iterable<Document.Parsed>));
  return documents;
}

function isTooDeep(root: CST.Token): boolean {
  const open: [token: CST.Token, depth: number][] = [[root, 0]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [token, depth] = top;
    if (depth > YAML_DEPTH_MAX) return true;
    if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) open.push([key, depth + 1]);
        if (value) open.push([value, depth + 1]);
      }
    } else if (token.type === 'document' && token.value) {
      open.push([token.value, depth]);
    }
  }
  return false;
}
