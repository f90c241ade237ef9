// Tests of what a hub begins with, and of what it finds when it is started again.
import { expect, it } from 'vitest';
import { type KubeObject, ObjectStore } from '../../engine/index.ts';
import { type OpenHub, openHub } from './open-hub.ts';
import { karmadaDefinitions, MADE_FROM, servedKinds } from './resources/karmada-definitions.ts';

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
const NAME = 'propagationpolicies.policy.karmada.io';

function start(store: ObjectStore): OpenHub {
  let drawn = 0;
  return openHub({
    store,
    definitions: karmadaDefinitions(),
    served: servedKinds(),
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    uid: () => {
      drawn += 1;
      return `uid-${drawn}`;
    },
    draw: () => 0,
    tokens: new Map(),
    secret: new Uint8Array(32),
    rootCertificate: null,
    address: '127.0.0.1:1',
  });
}

const versionsOf = (definition: KubeObject) =>
  (definition.spec as { versions: { schema: { openAPIV3Schema: { properties?: object } } }[] }).versions;

it('writes nothing when all is there', () => {
  const store = new ObjectStore();
  start(store).housekeeping.close();
  const before = store.revision();
  start(store).housekeeping.close();
  expect(store.revision()).toBe(before);
});

it('gives definitions of an earlier version their new form, and leaves those that users changed since', () => {
  const store = new ObjectStore();
  start(store).housekeeping.close();
  const definition = store.get(DEFINITIONS, '', NAME)!;
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const [version] = versionsOf(definition);
  const old = {
    ...definition,
    spec: { ...(definition.spec as object), versions: [{ ...version, schema: { openAPIV3Schema: open } }] },
  };
  store.put(DEFINITIONS, {
    ...old,
    metadata: { ...old.metadata, annotations: { [MADE_FROM]: 'something older', own: 'x' } },
  });
  start(store).housekeeping.close();
  const renewed = store.get(DEFINITIONS, '', NAME)!;
  expect(versionsOf(renewed)[0]!.schema.openAPIV3Schema.properties).toHaveProperty('spec');
  expect(renewed.metadata.annotations).toMatchObject({
    own: 'x',
    [MADE_FROM]: definition.metadata.annotations![MADE_FROM],
  });
  store.put(DEFINITIONS, { ...old, metadata: renewed.metadata });
  start(store).housekeeping.close();
  expect(versionsOf(store.get(DEFINITIONS, '', NAME)!)[0]!.schema.openAPIV3Schema.properties).toBeUndefined();
});
