// The form of a scenario file as a whole.

import { fieldPath, isObject, type Shape } from '../../engine/index.ts';
import { suggest } from '../../executor/terminal/suggest.ts';
import { ACTIONS } from '../actions/index.ts';
import { manifestsForm } from '../actions/object-changes.ts';
import { MOMENT_HELP, MOMENT_PATTERN, parseMoment } from '../expect/moment.ts';
import { behaviorForm } from './behavior.ts';
import { latencyForm } from './distribution.ts';
import { clusterForm, poolsForm } from './fleet.ts';
import {
  about,
  anyText,
  anyValue,
  count,
  duration,
  either,
  type Form,
  type JsonSchema,
  list,
  map,
  oneOrMore,
  record,
  scalarForm,
  someText,
  word,
} from './form.ts';
import { MOMENTS } from './timing.ts';

export const API_VERSION = 'muster/v1alpha1';

const STEP_FIELDS: Readonly<Record<string, Form>> = {
  until: about(
    'a step: goes on when nothing has changed for a while; times after it are counted from then',
    word('quiescent'),
  ),
};
const STEP_OPTIONS: Readonly<Record<string, Form>> = {
  for: about('how long nothing may change; 30s', duration),
  within: about('it fails where that takes longer; 30m', duration),
};
/** In expectations "end" is that of the run, and what begins with a digit a time. */
const ID_PATTERN = '^(?!end$)[A-Za-z_][\\w-]*$';
const ID: Form = about(
  'a name by which expectations speak of it',
  scalarForm(
    'a name of letters, digits, "_" and "-" that begins with a letter, and is not "end"',
    (value) => typeof value === 'string' && new RegExp(ID_PATTERN).test(value),
    { type: 'string', pattern: ID_PATTERN },
  ),
);

const MOMENT_IN_TIME: Form = {
  schema: {
    type: 'string',
    pattern: '^(\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)|.*\\$\\{.+\\}.*)$',
  },
  shape: someText.shape,
};

const only = (wanted: Readonly<Record<string, unknown>>, keys: readonly string[]): readonly string[] =>
  Object.keys(wanted).filter((key) => keys.includes(key));

/** Exactly the fields of its moment and of its action: what it is decides what else it may have. */
const entryShape: Shape = (value, path, problems) => {
  if (!isObject(value)) {
    anyEntry.shape(value, path, problems);
    return;
  }
  const keys = Object.keys(value);
  if (keys.includes('until')) {
    record(STEP_FIELDS, { ...STEP_OPTIONS, id: ID }).shape(value, path, problems);
    return;
  }
  const moments = only(MOMENTS, keys);
  const actions = [...ACTIONS.keys()].filter((key) => keys.includes(key));
  const strange = keys.filter((key) => !KNOWN_FIELDS.has(key));
  const told = (found: readonly string[], all: readonly string[], what: string) => {
    const wanted = `should have one of ${all.join(', ')}`;
    if (found.length > 0) {
      problems.push({ path: fieldPath(path, found[1]!), message: `has ${found.join(' and ')}, and ${wanted}` });
      return;
    }
    for (const key of strange) {
      const near = suggest(key, all);
      if (near === null) continue;
      problems.push({
        path: fieldPath(path, key),
        message: `is unknown: did you mean "${near}"? Known are ${all.join(', ')}`,
      });
      return;
    }
    const besides = strange.length === 0 ? '' : ` (what is ${strange.map((key) => `"${key}"`).join(', ')}?)`;
    problems.push({ path, message: `has no ${what}${besides}, and ${wanted}` });
  };
  if (moments.length !== 1) told(moments, [...Object.keys(MOMENTS), 'until'], 'time');
  if (actions.length !== 1) told(actions, [...ACTIONS.keys()], 'action');
  if (moments.length !== 1 || actions.length !== 1) {
    for (const key of moments) MOMENTS[key]!.value.shape(value[key], fieldPath(path, key), problems);
    for (const key of actions) ACTIONS.get(key)!.value.shape(value[key], fieldPath(path, key), problems);
    return;
  }
  const kind = ACTIONS.get(actions[0]!)!;
  const moment = MOMENTS[moments[0]!]!;
  record(
    { [moments[0]!]: moment.value, [kind.key]: kind.value, ...kind.required },
    { ...moment.optional, ...kind.optional, id: ID },
  ).shape(value, path, problems);
};

const anyEntry = record({}, {});

/** Of all kinds of lines together; where kinds mean different things by one field, any of them. */
const everyField = (): Record<string, JsonSchema> => {
  const schemas = new Map<string, Set<JsonSchema>>();
  const add = (forms: Readonly<Record<string, Form>>): void => {
    for (const [key, { schema }] of Object.entries(forms)) {
      schemas.set(key, (schemas.get(key) ?? new Set<JsonSchema>()).add(schema));
    }
  };
  for (const [key, { value, optional }] of Object.entries(MOMENTS)) add({ [key]: value, ...optional });
  for (const forms of [STEP_FIELDS, STEP_OPTIONS, { id: ID }]) add(forms);
  for (const { key, value, required = {}, optional = {} } of ACTIONS.values())
    add({ [key]: value, ...required, ...optional });
  return Object.fromEntries(
    [...schemas].map(([key, found]) => [key, found.size === 1 ? [...found][0]! : { anyOf: [...found] }]),
  );
};

const KNOWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(everyField()));

const oneOfFields = (keys: Iterable<string>): JsonSchema => ({ oneOf: [...keys].map((key) => ({ required: [key] })) });

const entryForm: Form = {
  schema: {
    title: 'Event',
    description: 'a time, and what happens then; or a step that waits',
    type: 'object',
    properties: everyField(),
    additionalProperties: false,
    anyOf: [{ required: ['until'] }, { allOf: [oneOfFields(Object.keys(MOMENTS)), oneOfFields(ACTIONS.keys())] }],
  },
  shape: entryShape,
};

const EXPECTATION_FIELDS: Readonly<Record<string, Form>> = {
  id: about('what reports call it', someText),
  because: about('why it matters', someText),
  profile: about('judged with this profile only', word('muster', 'karmada')),
};

const expectationForm: Form = {
  schema: {
    title: 'Expectation',
    description: `when it is to hold, and what: { "always": 'regions("web") >= 2' }`,
    type: 'object',
    properties: Object.fromEntries(Object.entries(EXPECTATION_FIELDS).map(([key, { schema }]) => [key, schema])),
    patternProperties: { [MOMENT_PATTERN]: { type: 'string' } },
    additionalProperties: false,
    minProperties: 1,
  },
  shape: (value, path, problems) => {
    if (!isObject(value)) {
      anyEntry.shape(value, path, problems);
      return;
    }
    const moments = Object.keys(value).filter((key) => !Object.hasOwn(EXPECTATION_FIELDS, key));
    if (moments.length !== 1) {
      const has = moments.length === 0 ? 'has no moment' : `has ${moments.map((key) => `"${key}"`).join(' and ')}`;
      problems.push({ path, message: `${has}, and ${MOMENT_HELP}` });
      return;
    }
    const [moment] = moments as [string];
    if (parseMoment(moment) === null) problems.push({ path: fieldPath(path, moment), message: MOMENT_HELP });
    record({ [moment]: someText }, EXPECTATION_FIELDS).shape(value, path, problems);
  },
};

const scalarValue = either('a number, a text, true or false', { text: anyText, number: anyValue });
const paramForm: Form = {
  schema: { type: ['number', 'string', 'boolean'] },
  shape: (value, path, problems) => {
    if (typeof value !== 'boolean') scalarValue.shape(value, path, problems);
  },
};

export const scenarioForm: Form = record(
  {
    apiVersion: word(API_VERSION),
    kind: word('Scenario'),
    metadata: record({ name: someText }, { labels: map(anyText), annotations: map(anyText) }),
    spec: record(
      {
        duration: about('how long it lasts', duration),
        fleet: record(
          {},
          {
            files: about('files of Cluster objects, such as a hub recorded them', oneOrMore(someText)),
            clusters: about('clusters to generate', list(clusterForm)),
            nodes: about('of clusters whose file tells of none', poolsForm),
          },
        ),
      },
      {
        title: about('what it shows, in a sentence', someText),
        seed: about(
          'all chance comes from it; the same seed gives the same run',
          either('a text or a number', { text: someText, number: anyValue }),
        ),
        profile: about('muster, karmada, or a file with a profile of your own', someText),
        start: about('the date and time at which it starts, such as 2026-01-01T00:00:00Z', MOMENT_IN_TIME),
        warmup: about('how long the fleet is there before it starts; 2m', duration),
        params: about(`values to fill in as \${name}; --set changes them`, map(paramForm)),
        matrix: about('what a sweep tries: lists of values by parameter', map(list(paramForm))),
        network: record({}, { local: latencyForm, wide: latencyForm }),
        behaviors: about('how pods behave; the first that matches decides', list(behaviorForm)),
        objects: about('what is applied at the start', manifestsForm),
        timeline: list(entryForm),
        swarm: about(
          'random faults of every sort besides the timeline',
          record({ faults: count(1, 1_000_000) }, { from: duration, to: duration, longest: duration }),
        ),
        expect: about('what has to hold', list(expectationForm)),
      },
    ),
  },
  {},
);
