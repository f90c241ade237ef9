// Admission of ResourceInterpreterWebhookConfiguration: servers that are asked how kinds are read.
import {
  anything,
  fields,
  listOf,
  oneOf,
  onlyFields,
  type Shape,
  scalar,
  text,
  wholeNumber,
} from '../../base/shape.ts';
import { addressProblems, isHttps } from './address.ts';
import { filled, isDnsLabel, metadata, rule, ruled, texts } from './words.ts';

const TIMEOUT_MAX_SECONDS = 30;
const PORT_MAX = 65_535;
const ALL = '*';
const SPOKEN = 'v1alpha1';

const name = scalar('a domain name of at least two parts, such as interpreter.example.com', (value) => {
  const parts = String(value).replace(/\.$/, '').split('.');
  return parts.length > 1 && parts.every(isDnsLabel);
});

/** Everything, or some by name. */
const some = (item: Shape): Shape =>
  ruled(
    listOf(item),
    rule<readonly string[]>((items, report) => {
      if (items.length === 0) report('', `is empty, and should name some, or all by "${ALL}"`);
      if (items.length > 1 && items.includes(ALL)) report('', `has others beside "${ALL}", which stands for all`);
    }),
  );

const operation = oneOf(
  ALL,
  'InterpretReplica',
  'InterpretComponent',
  'ReviseReplica',
  'Retain',
  'AggregateStatus',
  'InterpretStatus',
  'InterpretHealth',
  'InterpretDependency',
);

const interpreted = onlyFields({
  operations: some(operation),
  apiGroups: some(text),
  apiVersions: some(filled),
  kinds: some(filled),
});

const service = onlyFields(
  { name: filled, namespace: filled },
  {
    path: scalar('a path that begins with "/"', (value) => typeof value === 'string' && value.startsWith('/')),
    port: wholeNumber(1, PORT_MAX),
  },
);

interface ClientConfig {
  readonly url?: string;
  readonly service?: object;
}

const clientConfig = ruled(
  onlyFields({}, { caBundle: text, url: text, service }),
  rule<ClientConfig>(({ url, service: within }, report) => {
    if ((url === undefined) === (within === undefined)) report('', 'should have one of url and service');
    else if (url !== undefined) {
      for (const problem of addressProblems(url)) report('.url', problem);
      if (!isHttps(url)) report('.url', 'should begin with https://');
    }
  }),
);

const VERSION = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const versions = ruled(
  texts,
  rule<readonly string[]>((items, report) => {
    if (!items.includes(SPOKEN)) report('', `should include ${SPOKEN}, in which is asked`);
    items.forEach((version, at) => {
      if (items.indexOf(version) < at) report(`[${at}]`, `repeats "${version}"`);
      else if (!VERSION.test(version)) report(`[${at}]`, `is ${JSON.stringify(version)}, which is no version`);
    });
  }),
);

const webhook = onlyFields(
  { name, clientConfig, interpreterContextVersions: versions },
  { rules: listOf(interpreted), timeoutSeconds: wholeNumber(1, TIMEOUT_MAX_SECONDS) },
);

const webhooks = ruled(
  listOf(webhook),
  rule<readonly { readonly name: string }[]>((items, report) => {
    const names = new Set<string>();
    items.forEach((item, at) => {
      if (names.has(item.name)) report(`[${at}].name`, `repeats "${item.name}"`);
      names.add(item.name);
    });
  }),
);

export const interpreterWebhooksShape = fields(
  { metadata, webhooks },
  { apiVersion: text, kind: text, status: anything },
);
