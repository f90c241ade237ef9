// What staged rollouts hold back when all has come to rest: each has ended, or says what it waits for, and what it is about is then
// another matter than what is asked for just now.
import {
  COLLECTIONS,
  isObject,
  type KubeObject,
  type Simulation,
  type StagedRollout,
  type Violation,
} from '../../engine/index.ts';

const rolloutsIn = ({ world }: Simulation): readonly StagedRollout[] =>
  world.hub.store.list(COLLECTIONS.stagedRollouts) as unknown as readonly StagedRollout[];

/** Whether a binding's object is in a rollout. */
function isAbout({ metadata, spec }: StagedRollout, { spec: binding }: KubeObject): boolean {
  const resource = isObject(binding) && isObject(binding.resource) ? binding.resource : {};
  return (
    resource.namespace === metadata.namespace &&
    spec.resources.some(({ kind, name }) => kind === resource.kind && name === resource.name)
  );
}

export const isInWaves = (binding: KubeObject, simulation: Simulation): boolean =>
  rolloutsIn(simulation).some((rollout) => isAbout(rollout, binding));

/** It has not all that is asked for. */
export const isHeldInWaves = (binding: KubeObject, simulation: Simulation): boolean =>
  rolloutsIn(simulation).some((rollout) => isAbout(rollout, binding) && rollout.status?.phase !== 'Stable');

/** Paused, approval, what it is about or a place for that: all of which are said. */
const WAITS = /^(It is paused\.|Wave \d+ waits to be approved\.|Waits for .+|.+ finds no place: .+)$/;

export function rolloutViolations(simulation: Simulation): readonly Violation[] {
  return rolloutsIn(simulation).flatMap(({ metadata, status = {} }): Violation[] => {
    const { phase, message = '', endTime, failedClusters } = status;
    const about = `StagedRollout ${metadata.namespace}/${metadata.name}`;
    const hasEnded = phase === 'Stable' || (phase === 'RolledBack' && endTime !== undefined);
    const hasStopped = phase === 'Stopped' && endTime !== undefined && (failedClusters ?? []).length > 0;
    if (hasEnded || hasStopped || WAITS.test(message)) return [];
    return [{ rule: 'rollout-ends', about, message: `it is ${phase ?? 'nothing'}, and says: ${message || 'nothing'}` }];
  });
}
