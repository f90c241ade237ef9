// What a member loses as often as it is given is given again at a growing distance: else two work against each other without end,
// as where whoever was the leader before still ends what the new one keeps.
import type { Work } from '../../../api/work.ts';
import type { Command } from '../../../control/command.ts';
import type { View } from '../../../control/controller.ts';
import { isObject, type JsonObject } from '../../../kube/json.ts';
import type { Millis } from '../../../kube/time.ts';
import { AT_ONCE, onceMoreBy } from '../../once-more.ts';
import type { ManifestOutcome } from './manifest.ts';

export interface Giving {
  readonly commands: readonly Command[];
  /** Until what was lost is made again; 0 where nothing waits. */
  readonly waitsMs: Millis;
  /** What is to be remembered once all is as it should be. */
  readonly memory: JsonObject;
  /** The same where something is made again now. */
  readonly remember?: JsonObject;
}

/** A Work that has changed begins anew. */
export function givenAgain(
  outcomes: readonly ManifestOutcome[],
  { metadata: { generation = 0 } }: Work,
  { remembered, attempt }: View,
  now: Millis,
): Giving {
  const commands = outcomes.flatMap((outcome) => outcome.commands);
  const known = isObject(remembered) && remembered.generation === generation ? remembered : null;
  const memory = known?.again === undefined ? { generation } : { generation, again: known.again };
  const isLost = known !== null && commands.some(isMaking);
  const { waitMs, remember: again } = isLost ? onceMoreBy(known.again, attempt, now) : AT_ONCE;
  if (waitMs > 0) return { commands: commands.filter((one) => !isMaking(one)), waitsMs: waitMs, memory };
  if (again === undefined) return { commands, waitsMs: 0, memory };
  const noted = { generation, again };
  return { commands, waitsMs: 0, memory: noted, remember: noted };
}

const isMaking = ({ verb }: Command): boolean => verb === 'create';
