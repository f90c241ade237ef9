// Where a workload goes, in a line: "member1: 2, member3".
import type { TargetCluster } from '../../engine/index.ts';

/** The name alone where there are no replicas. */
const targetText = ({ name, replicas }: TargetCluster): string =>
  replicas === undefined ? name : `${name}: ${replicas}`;

export const targetsText = (targets: readonly TargetCluster[]): string => targets.map(targetText).join(', ');
