// Everything a line of the timeline can do, by the field that names it.
import type { ActionKind } from './action.ts';
import { anyFault } from './any-fault.ts';
import * as fleet from './fleet-changes.ts';
import { arrive, demand, traffic } from './load.ts';
import { apply, patch, remove as removeObject, rollout, scale } from './object-changes.ts';
import * as outages from './outages.ts';

const ALL: readonly ActionKind[] = [
  outages.fail,
  outages.recover,
  outages.partition,
  outages.slow,
  outages.lose,
  outages.flap,
  outages.apiDown,
  outages.errors,
  outages.failNodes,
  outages.restart,
  outages.hubDown,
  fleet.cordon,
  fleet.drain,
  fleet.uncordon,
  fleet.taint,
  fleet.untaint,
  fleet.add,
  fleet.remove,
  fleet.resize,
  fleet.behave,
  apply,
  patch,
  removeObject,
  scale,
  rollout,
  traffic,
  demand,
  arrive,
  anyFault,
];

export const ACTIONS: ReadonlyMap<string, ActionKind> = new Map(ALL.map((kind) => [kind.key, kind]));
