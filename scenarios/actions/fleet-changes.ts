// What is done to the fleet by its operators: cordon, drain, taint, join, remove, resize, and how pods behave there.
import type { KubeObject, Taint } from '../../engine/index.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';
import { behaviorFields } from '../format/behavior.ts';
import { clusterForm, generateClusters, poolsForm, readPools } from '../format/fleet.ts';
import { about, anyText, duration, someText, word } from '../format/form.ts';
import { selectorForm } from '../format/selector.ts';
import type { Scene } from '../run/scene.ts';
import type { ActionKind } from './action.ts';

const CORDON: Taint = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };
const DRAIN: Taint = { key: 'cluster.muster.dev/draining', effect: 'NoExecute' };

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

type Change = (taints: readonly Taint[]) => readonly Taint[];

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

const adding =
  (...added: readonly Taint[]): Change =>
  (taints) => [...taints.filter((taint) => !added.some((one) => isSame(one, taint))), ...added];

function setTaints(stage: Scene, name: string, change: Change): void {
  stage.changeCluster(name, (cluster): KubeObject => {
    const spec = cluster.spec as { readonly taints?: readonly Taint[] };
    return { ...cluster, spec: { ...spec, taints: change(spec.taints ?? []) } } as KubeObject;
  });
}

/** What else comes of it for a cluster: its work is to leave, or may come back. */
type Consequence = (stage: Scene, cluster: string) => void;

const vacates: Consequence = (stage, cluster) => stage.vacate(cluster);
const reopens: Consequence = (stage, cluster) => stage.reopen(cluster);

/** A kind that changes the taints of every cluster that is chosen. */
const tainting = (
  key: string,
  description: string,
  verb: string,
  change: Change,
  consequence: Consequence = () => {},
): ActionKind => ({
  key,
  ...(consequence === vacates && { strikes: true }),
  value: about(description, selectorForm),
  read: (_, reader) => {
    const selector = reader.selector(key);
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          consequence(stage, name);
          setTaints(stage, name, change);
        }
        return `${selector.told(chosen)} ${verb}`;
      },
    };
  },
});

export const cordon = tainting('cordon', 'nothing new goes to these clusters', 'is cordoned', adding(CORDON));

export const drain = tainting(
  'drain',
  'nothing new goes to these clusters, and what runs there is to leave',
  'is drained',
  adding(CORDON, DRAIN),
  vacates,
);

export const uncordon = tainting(
  'uncordon',
  'ends cordon and drain',
  'is open again',
  (taints) => taints.filter((taint) => !isSame(taint, CORDON) && !isSame(taint, DRAIN)),
  reopens,
);

export const taint: ActionKind = {
  key: 'taint',
  strikes: true,
  value: about('these clusters get a taint', selectorForm),
  required: { key: someText, effect: word(...EFFECTS) },
  optional: { value: anyText },
  read: (entry, reader) => {
    const selector = reader.selector('taint');
    const added = {
      key: String(entry.key),
      effect: entry.effect as Taint['effect'],
      ...(typeof entry.value === 'string' && { value: entry.value }),
    };
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          if (added.effect === 'NoExecute') stage.vacate(name);
          setTaints(stage, name, adding(added));
        }
        return `${selector.told(chosen)} gets the taint ${added.key}:${added.effect}`;
      },
    };
  },
};

export const untaint: ActionKind = {
  key: 'untaint',
  value: about('these clusters lose their taints of that key', selectorForm),
  required: { key: someText },
  read: (entry, reader) => {
    const selector = reader.selector('untaint');
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          setTaints(stage, name, (taints) => taints.filter(({ key }) => key !== entry.key));
          stage.reopen(name);
        }
        return `${selector.told(chosen)} loses the taint ${String(entry.key)}`;
      },
    };
  },
};

export const add: ActionKind = {
  key: 'add',
  value: about('clusters join the fleet', clusterForm),
  read: (entry, reader) => {
    const clusters = generateClusters(entry.add as Record<string, unknown>);
    const there = clusters.filter(({ name }) => reader.isThereAlways(name)).map(({ name }) => name);
    if (there.length > 0) {
      const names = `${there.join(', ')}, which ${there.length === 1 ? 'is' : 'are'}`;
      reader.refuse('add', `is of ${names} in the fleet from the start and never removed: give a name that is free`);
    }
    return {
      perform: (stage) => {
        for (const cluster of clusters) stage.join(cluster);
        return `${clusters.map(({ name }) => name).join(', ')} ${clusters.length === 1 ? 'joins' : 'join'}`;
      },
    };
  },
};

export const remove: ActionKind = {
  key: 'remove',
  strikes: true,
  value: about('these clusters leave the fleet, as "karmadactl unjoin" has it', selectorForm),
  read: (_, reader) => {
    const selector = reader.selector('remove');
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          stage.vacate(name);
          stage.leave(name);
        }
        return `${selector.told(chosen)} leaves`;
      },
    };
  },
};

export const resize: ActionKind = {
  key: 'resize',
  value: about('these clusters get other nodes', selectorForm),
  required: { nodes: poolsForm },
  read: (entry, reader) => {
    const selector = reader.selector('resize');
    const pools = readPools(entry.nodes);
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) stage.resize(name, pools);
        const nodes = pools.reduce((sum, { count }) => sum + count, 0);
        return `${selector.told(chosen)} is resized to ${nodes} ${nodes === 1 ? 'node' : 'nodes'} each`;
      },
    };
  },
};

export const behave: ActionKind = {
  key: 'behave',
  strikes: true,
  value: about('pods behave otherwise in these clusters', selectorForm),
  optional: { ...behaviorFields, for: duration },
  read: (entry, reader) => {
    const selector = reader.selector('behave');
    const rule = reader.behavior();
    const forMs = parseDuration(entry.for);
    return {
      perform: (stage, random) => {
        const chosen = selector.choose(stage.clusters, random);
        for (const { name } of chosen) {
          stage.inject(name, { fault: 'behavior', cluster: name, rule }, forMs);
        }
        return `pods behave otherwise in ${selector.told(chosen)}`;
      },
    };
  },
};
