// Whether pods of a workload may run on a node: its selector, its required affinity, and the node's taints.
import type { NodeClaim, NodeSelectorRequirement, NodeSelectorTerm } from '../../api/binding.ts';
import type { MemberNode } from '../../api/node.ts';
import { own } from '../../base/own.ts';
import { meets } from '../../kube/requirement.ts';
import { isTolerated, type Taint } from '../../kube/taint.ts';

/** A cordoned node is marked in its spec before anybody sets the taint. */
const CORDONED: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export function admitsPods(node: MemberNode, claim: NodeClaim | undefined): boolean {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(claim?.nodeSelector ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  if (!selected) return false;
  const terms = claim?.hardNodeAffinity?.nodeSelectorTerms;
  if (terms !== undefined && !terms.some((term) => matchesTerm(node, term))) return false;
  const taints = [...(node.spec?.taints ?? []), ...(node.spec?.unschedulable ? [CORDONED] : [])];
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, claim?.tolerations ?? []));
}

/** All requirements of a term hold; a term without any matches nothing. */
function matchesTerm(node: MemberNode, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => matches(requirement, labels)) &&
    matchFields.every((requirement) => matches(requirement, { 'metadata.name': node.metadata.name }))
  );
}

const matches = (
  { key, operator, values = [] }: NodeSelectorRequirement,
  from: Readonly<Record<string, string>>,
): boolean => meets(own(from, key), operator, values);
