// What names, labels and ports may look like; each check tells what is wrong, or null.
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const PORT_NAME = /^[-a-z0-9]+$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;

const ALPHANUMERIC = 'must start and end with an alphanumeric character';

export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

const tooLong = (most: number) => `must be no more than ${most} characters`;

/** A prefix is completed later, so that it may end in a dash. */
const complete = (name: string, isPrefix: boolean) => (isPrefix ? name.replace(/-$/, 'a') : name);

export const subdomainName: NameRule = (name, isPrefix) => {
  if (name.length > 253) return [tooLong(253)];
  return SUBDOMAIN.test(complete(name, isPrefix))
    ? []
    : [
        `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${ALPHANUMERIC}` +
          " (e.g. 'example.com', regex used for validation is" +
          " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ];
};

export const labelName: NameRule = (name, isPrefix) => {
  const problems: string[] = [];
  if (name.length > 63) problems.push(tooLong(63));
  if (!LABEL.test(complete(name, isPrefix))) {
    if (SUBDOMAIN.test(name)) problems.push('must not contain dots');
    else {
      problems.push(
        `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${ALPHANUMERIC}` +
          " (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      );
    }
  }
  return problems;
};

export const serviceName: NameRule = (name, isPrefix) => {
  const problems: string[] = [];
  if (name.length > 63) problems.push(tooLong(63));
  if (!SERVICE_LABEL.test(complete(name, isPrefix))) {
    problems.push(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character," +
        " and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is" +
        " '[a-z]([-a-z0-9]*[a-z0-9])?')",
    );
  }
  return problems;
};

/** RBAC names: anything that can stand between two slashes. */
export const pathSegmentName: NameRule = (name, isPrefix) => {
  if (!isPrefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%'].filter((bad) => name.includes(bad)).map((bad) => `may not contain '${bad}'`);
};

export function qualifiedNameProblems(key: string): string[] {
  const problems: string[] = [];
  const parts = key.split('/');
  const shape =
    `must consist of alphanumeric characters, '-', '_' or '.', and ${ALPHANUMERIC} (e.g. 'MyName',  or 'my.name', ` +
    " or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  if (parts.length > 2) {
    return [`a qualified name ${shape} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    if (parts[0] === '') problems.push('prefix part must be non-empty');
    else problems.push(...subdomainName(parts[0]!, false).map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!QUALIFIED.test(name)) problems.push(`name part ${shape}`);
  return problems;
}

export function portNameProblems(name: string): string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push(tooLong(15));
  if (!PORT_NAME.test(name)) problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (/^-|-$/.test(name)) problems.push('must not begin or end with a hyphen');
  return problems;
}

export function configKeyProblems(key: string): string[] {
  if (key.length > 253) return [tooLong(253)];
  if (!CONFIG_KEY.test(key)) {
    return [
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME', " +
        " or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ];
  }
  return key === '.' ? ["must not be '.'"] : key.startsWith('..') ? ["must not start with '..'"] : [];
}

export const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end" +
  " with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is" +
  " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function labelValueProblems(value: string): string[] {
  const problems: string[] = [];
  if (value.length > 63) problems.push(tooLong(63));
  if (value !== '' && !QUALIFIED.test(value)) problems.push(LABEL_VALUE_RULE);
  return problems;
}
