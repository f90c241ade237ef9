import { describe, expect, it } from 'vitest';
import { type CommandResult, type EventRecord, HUB, type KubeObject } from '../../engine/index.ts';
import { EventWriter } from './event-writer.ts';
import type { ObjectCommand } from './place-client.ts';

const START = Date.UTC(2026, 0, 1);
const NONE: CommandResult = { ok: false, code: 'NotFound', message: 'not found' };

const about = (name: string): EventRecord['about'] => ({
  on: HUB,
  kind: 'Deployment',
  key: { collection: 'apps/deployments', namespace: 'default', name },
});
const record = (name: string, message = 'all is well'): EventRecord => ({
  about: about(name),
  type: 'Normal',
  reason: 'Told',
  message,
});

/** A hub with Events alone. */
function world(isBusy: () => boolean = () => false) {
  const events = new Map<string, KubeObject>();
  const clock = { now: START };
  const uids = new Map<string, string>();
  const writer = new EventWriter({
    now: () => clock.now,
    isBusy,
    find: ({ key: { namespace, name } }) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, uid: uids.get(name) ?? `uid-${name}` },
    }),
    hub: {
      carryOut: async (command: ObjectCommand): Promise<CommandResult> => {
        const { name } = command.key;
        const before = events.get(name);
        if (command.verb === 'create') events.set(name, command.object);
        else if (command.verb === 'patch' && before !== undefined) events.set(name, { ...before, ...command.patch });
        else return NONE;
        return { ok: true, object: events.get(name) ?? null };
      },
    },
  });
  return { writer, events, clock, uids, counts: () => [...events.values()].map(({ count }) => count) };
}

describe('what controllers tell', () => {
  it('gives way to work, but not for ever', async () => {
    let looks = 0;
    const { writer, events } = world(() => {
      looks += 1;
      return looks < 3;
    });
    writer.tell('binding', record('web'));
    await writer.settled();
    expect([looks, events.size]).toEqual([3, 1]);
    const always = world(() => true);
    always.writer.tell('binding', record('web'));
    await always.writer.settled();
    expect(always.events.size).toBe(1);
  });

  it('is found by whoever describes the object', async () => {
    const { writer, events } = world();
    writer.tell('binding', record('web'));
    await writer.settled();
    expect([...events.values()]).toMatchObject([
      {
        metadata: { namespace: 'default' },
        involvedObject: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'default',
          name: 'web',
          uid: 'uid-web',
        },
        type: 'Normal',
        reason: 'Told',
        message: 'all is well',
        source: { component: 'binding' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        count: 1,
      },
    ]);
  });

  it('counts up when it is told again, and is written anew when it was deleted', async () => {
    const { writer, events, clock, counts } = world();
    for (let times = 0; times < 3; times += 1) {
      writer.tell('binding', record('web'));
      await writer.settled();
      clock.now += 1000;
    }
    writer.tell('binding', record('web', 'something else'));
    await writer.settled();
    expect(counts()).toEqual([3, 1]);
    expect([...events.values()][0]).toMatchObject({ lastTimestamp: '2026-01-01T00:00:02Z' });
    events.clear();
    writer.tell('binding', record('web'));
    await writer.settled();
    expect(counts()).toEqual([4]);
  });

  it('is told of another object when one of the same name follows', async () => {
    const { writer, uids, counts } = world();
    writer.tell('binding', record('web'));
    await writer.settled();
    uids.set('web', 'another');
    writer.tell('binding', record('web'));
    await writer.settled();
    expect(counts()).toEqual([1, 1]);
  });

  it('is bounded for one object, and others are told of all the same', async () => {
    const { writer, events, clock, counts } = world();
    for (let times = 0; times < 100; times += 1) writer.tell('binding', record('web', `message ${times}`));
    writer.tell('binding', record('shop'));
    await writer.settled();
    expect(events.size).toBe(26);
    clock.now += 300_000;
    for (let times = 0; times < 3; times += 1) writer.tell('binding', record('web', `later ${times}`));
    await writer.settled();
    expect(counts()).toHaveLength(27);
  });
});
