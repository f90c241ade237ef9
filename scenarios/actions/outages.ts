// Clusters that fail, are cut off, slow, lossy or flapping; and what ends that.
import { type Fault, HUB, type Millis, memberPlace, type Place } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { about, amount, count, duration, someText, trueOrFalse, word } from '../format/form.ts';
import { named, selectorForm } from '../format/selector.ts';
import { whyTooOften } from '../format/timing.ts';
import type { ActionKind, EntryReader } from './action.ts';
import { refuseUnknownProcess } from './known-process.ts';

const lasting = { for: about('how long; until something else ends it where it is left out', duration) };

const forText = (forMs: Millis | null): string => (forMs === null ? '' : ` for ${formatDuration(forMs)}`);

/** A kind of which each cluster that is chosen has one fault. */
function outage(
  key: string,
  description: string,
  verb: string,
  faultOf: (cluster: string, entry: Readonly<Record<string, unknown>>) => Fault,
  fields: Pick<ActionKind, 'required' | 'optional'> = {},
): ActionKind {
  return {
    key,
    strikes: true,
    value: about(description, selectorForm),
    ...fields,
    optional: { ...fields.optional, ...lasting },
    read: (entry, reader) => {
      const selector = reader.selector(key);
      const forMs = parseDuration(entry.for);
      return {
        perform: (stage, random) => {
          const chosen = selector.choose(stage.clusters, random);
          for (const { name } of chosen) stage.inject(name, faultOf(name, entry), forMs);
          return `${selector.text} ${verb}${forText(forMs)} (${named(chosen)})`;
        },
      };
    },
  };
}

const hubAnd = (cluster: string): readonly [readonly Place[], readonly Place[]] => [[HUB], [memberPlace(cluster)]];

export const fail = outage('fail', 'these clusters stop: their APIs and all that runs in them', 'fails', (cluster) => ({
  fault: 'power-off',
  cluster,
}));

export const partition = outage(
  'partition',
  'these clusters and the hub no longer hear each other; what runs goes on',
  'is cut off from the hub',
  (cluster, { oneWay }) => {
    const [hub, member] = hubAnd(cluster);
    const between = oneWay === 'from-members' ? ([member, hub] as const) : ([hub, member] as const);
    return { fault: 'partition', between, isOneWay: typeof oneWay === 'string' };
  },
  { optional: { oneWay: about('only what goes this way is lost', word('to-members', 'from-members')) } },
);

export const slow = outage(
  'slow',
  'everything between these clusters and the hub takes longer',
  'is slow to reach',
  (cluster, { factor }) => ({ fault: 'slow', between: hubAnd(cluster), factor: Number(factor) }),
  { required: { factor: about('so many times as long', count(2, 10_000)) } },
);

export const lose = outage(
  'lose',
  'packets between these clusters and the hub are lost',
  'loses packets',
  (cluster, { percent }) => ({ fault: 'loss', between: hubAnd(cluster), perMille: Math.round(Number(percent) * 10) }),
  { required: { percent: amount(0, 100) } },
);

export const apiDown = outage(
  'apiDown',
  'the APIs of these clusters refuse; what runs goes on',
  'has an API that refuses',
  (cluster) => ({ fault: 'api-down', place: memberPlace(cluster) }),
);

export const errors = outage(
  'errors',
  'requests to these clusters fail',
  'answers with errors',
  (cluster, { percent, code }) => ({
    fault: 'api-errors',
    place: memberPlace(cluster),
    code: (code ?? 'ServerError') as 'ServerError',
    perMille: Math.round(Number(percent) * 10),
  }),
  {
    required: { percent: amount(0, 100) },
    optional: { code: word('Conflict', 'ServerError', 'TooManyRequests', 'Timeout') },
  },
);

/** Nodes that go silent one by one are taken from the first of a cluster on. */
export const failNodes: ActionKind = {
  key: 'failNodes',
  strikes: true,
  value: about('nodes of these clusters go silent', selectorForm),
  required: { nodes: about('how many in each', count(1, 100_000)) },
  optional: lasting,
  read: (entry, reader) => {
    const selector = reader.selector('failNodes');
    const forMs = parseDuration(entry.for);
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          for (const node of stage.readyNodes(name).slice(0, Number(entry.nodes))) {
            stage.inject(name, { fault: 'node-silent', cluster: name, node }, forMs);
          }
        }
        const nodes = entry.nodes === 1 ? 'a node' : `${String(entry.nodes)} nodes`;
        return `${nodes} of ${selector.told(chosen)} ${entry.nodes === 1 ? 'goes' : 'go'} silent${forText(forMs)}`;
      },
    };
  },
};

export const flap: ActionKind = {
  key: 'flap',
  strikes: true,
  value: about('these clusters are cut off and come back, again and again', selectorForm),
  required: { for: about('how long it goes on', duration) },
  optional: { down: about('how long each time; 30s', duration), up: about('how long between; 30s', duration) },
  read: (entry, reader) => {
    const selector = reader.selector('flap');
    const [downMs, upMs] = [parseDuration(entry.down) ?? 30_000, parseDuration(entry.up) ?? 30_000];
    const forMs = parseDuration(entry.for) ?? 0;
    refuseTooOften(downMs, downMs + upMs, forMs, reader);
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        const names = chosen.map(({ name }) => name);
        let until = stage.now + forMs;
        const stop = () => {
          until = stage.now;
        };
        for (const name of names) stage.hold(name, stop, forMs);
        const cut = () => {
          const left = Math.min(downMs, until - stage.now);
          if (left <= 0) return;
          for (const name of names) stage.inject(name, { fault: 'partition', between: hubAnd(name) }, left);
          stage.after(downMs + upMs, cut);
        };
        cut();
        return `${selector.text} flaps for ${formatDuration(forMs)} (${named(chosen)})`;
      },
    };
  },
};

function refuseTooOften(downMs: Millis, eachMs: Millis, forMs: Millis, reader: EntryReader): void {
  if (downMs === 0) return;
  const why = whyTooOften(
    eachMs,
    Math.min(forMs, reader.durationMs),
    (leastMs) => `let "down" and "up" be ${formatDuration(leastMs)} or more together, or "for" be shorter`,
  );
  if (why !== null) reader.refuse('flap', why);
}

export const recover: ActionKind = {
  key: 'recover',
  value: about('whatever is wrong with these clusters ends', selectorForm),
  read: (_, reader) => {
    const selector = reader.selector('recover');
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        const ended = stage.release(chosen.map(({ name }) => name));
        return `${selector.text} recovers (${ended === 0 ? 'nothing was wrong' : named(chosen)})`;
      },
    };
  },
};

export const restart: ActionKind = {
  key: 'restart',
  strikes: true,
  value: about(
    'a process of the control plane ends and starts again, knowing nothing: its name, or "*" for all',
    someText,
  ),
  optional: { for: about('how long it is down', duration) },
  read: (entry, reader) => {
    const forMs = parseDuration(entry.for);
    if (entry.restart !== '*') refuseUnknownProcess(reader, 'restart', entry.restart, ', and "*" for all');
    return {
      perform: (stage) => {
        const names = stage.processes.filter((name) => entry.restart === '*' || entry.restart === name);
        for (const name of names) stage.injectAnywhere({ fault: 'restart', name }, forMs ?? 0);
        return names.length === 0
          ? `there is no process ${String(entry.restart)} to restart`
          : `${names.join(', ')} ${names.length === 1 ? 'restarts' : 'restart'}${forMs === null ? '' : ` after ${formatDuration(forMs)}`}`;
      },
    };
  },
};

export const hubDown: ActionKind = {
  key: 'hubDown',
  strikes: true,
  value: about("the hub's API refuses, for everybody", trueOrFalse),
  optional: lasting,
  read: (entry) => {
    const forMs = parseDuration(entry.for);
    return {
      perform: (stage) => {
        if (entry.hubDown === true) stage.injectAnywhere({ fault: 'api-down', place: HUB }, forMs);
        return `the hub's API refuses${forText(forMs)}`;
      },
    };
  },
};
