// `format.dns1123Label().validate(text)`: the kinds of texts that Kubernetes has names for, in rules in CEL.
import { type Environment, Optional } from '@marcbachmann/cel-js';
import {
  fitsFormat,
  labelName,
  labelValueProblems,
  qualifiedNameProblems,
  serviceName,
  subdomainName,
} from '../../../engine/index.ts';

type Check = (text: string) => readonly string[];

class Format {
  readonly check: Check;

  constructor(check: Check) {
    this.check = check;
  }
}

/** What stands before the dot in `format.uuid()`. */
class Formats {}

const fits =
  (format: string, otherwise: string): Check =>
  (text) =>
    fitsFormat(text, format) ? [] : [otherwise];

const FORMATS: ReadonlyMap<string, Format> = new Map(
  Object.entries<Check>({
    dns1123Label: (text) => labelName(text, false),
    dns1123LabelPrefix: (text) => labelName(text, true),
    dns1123Subdomain: (text) => subdomainName(text, false),
    dns1123SubdomainPrefix: (text) => subdomainName(text, true),
    dns1035Label: (text) => serviceName(text, false),
    dns1035LabelPrefix: (text) => serviceName(text, true),
    qualifiedName: qualifiedNameProblems,
    labelValue: labelValueProblems,
    uri: (text) =>
      URL.canParse(text) || text.startsWith('/') ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`],
    uuid: fits('uuid', 'does not match the UUID format'),
    byte: fits('byte', 'invalid base64'),
    date: fits('date', 'invalid date'),
    datetime: fits('date-time', 'invalid datetime'),
  }).map(([name, check]) => [name, new Format(check)]),
);

export function addNamedFormats(environment: Environment): Environment {
  environment
    .registerType('Format', Format)
    .registerType('Formats', Formats)
    .registerConstant('format', 'Formats', new Formats())
    .registerFunction('Formats.named(string): optional<Format>', (_: Formats, name: string) =>
      Optional.of(FORMATS.get(name)),
    )
    .registerFunction('Format.validate(string): optional<list<string>>', (format: Format, text: string) => {
      const problems = format.check(text);
      return problems.length === 0 ? Optional.none() : Optional.of([...problems]);
    });
  for (const [name, format] of FORMATS) environment.registerFunction(`Formats.${name}(): Format`, () => format);
  return environment;
}
