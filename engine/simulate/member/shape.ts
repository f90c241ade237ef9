// What one pod asks of a node, in numbers: the resources by their column, and which nodes would do at all.
import type { ReplicaRequirements } from '../../api/binding.ts';
import { sortedKeys } from '../../base/order.ts';
import { own } from '../../base/own.ts';
import { canonicalJson, isObject } from '../../kube/json.ts';
import { parseQuantity, quantityMilli, quantityValue } from '../../kube/quantity.ts';
import { meets } from '../../kube/requirement.ts';
import { isTolerated, type Taint, type Toleration } from '../../kube/taint.ts';
import { podRequirements } from '../../propagate/interpret/native/pod-requirements.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Shape {
  /** Pods of one shape fit the same nodes. */
  readonly id: string;
  /** Column and amount; every pod takes one of "pods". */
  readonly requests: readonly (readonly [column: number, amount: number])[];
  readonly nodeSelector: Labels;
  readonly affinity: unknown;
  readonly tolerations: readonly Toleration[];
}

/** That of what every pod takes one of. */
export const POD_COLUMN = 0;

/** The columns of resources, given out as they come up; "pods" is the first. */
export class Columns {
  readonly #names: string[] = ['pods'];
  readonly #columns = new Map<string, number>([['pods', POD_COLUMN]]);

  get names(): readonly string[] {
    return this.#names;
  }

  of(name: string): number {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = this.#names.length;
      this.#names.push(name);
      this.#columns.set(name, column);
    }
    return column;
  }
}

/** Thousandths of CPU, whole units of everything else; 0 for what is no quantity. */
export function amountOf(name: string, text: unknown): number {
  const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(text) : null;
  if (quantity === null) return 0;
  return Number(name === 'cpu' ? quantityMilli(quantity) : quantityValue(quantity));
}

export const shapeOf = (podSpec: Readonly<Record<string, unknown>>, columns: Columns): Shape =>
  shapeOfRequirements(podRequirements(podSpec), columns);

export function shapeOfRequirements(requirements: ReplicaRequirements | null, columns: Columns): Shape {
  const request = requirements?.resourceRequest ?? {};
  const claim = requirements?.nodeClaim;
  const requests: (readonly [number, number])[] = [[POD_COLUMN, 1]];
  for (const name of sortedKeys(request)) {
    if (name !== 'pods') requests.push([columns.of(name), amountOf(name, request[name])]);
  }
  return {
    id: canonicalJson([request, claim ?? null]),
    requests,
    nodeSelector: (claim?.nodeSelector ?? {}) as Labels,
    affinity: claim?.hardNodeAffinity,
    tolerations: (claim?.tolerations ?? []) as readonly Toleration[],
  };
}

export interface NodeFacts {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isCordoned: boolean;
}

/** Whether pods of this shape may be put on the node, whatever room it has. */
export function fitsNode(shape: Shape, node: NodeFacts): boolean {
  if (node.isCordoned) return false;
  for (const taint of node.taints) {
    if (taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, shape.tolerations)) return false;
  }
  return isWanted(shape, node);
}

/** Selector and affinity alone. */
export function isWanted({ nodeSelector, affinity }: Shape, { name, labels }: NodeFacts): boolean {
  for (const key of Object.keys(nodeSelector)) if (labels[key] !== nodeSelector[key]) return false;
  const terms = isObject(affinity) && Array.isArray(affinity.nodeSelectorTerms) ? affinity.nodeSelectorTerms : null;
  return terms === null || terms.some((term) => matchesTerm(term, labels, name));
}

function matchesTerm(term: unknown, labels: Labels, name: string): boolean {
  if (!isObject(term)) return false;
  const { matchExpressions, matchFields } = term;
  const onLabels = Array.isArray(matchExpressions) ? matchExpressions : [];
  const onFields = Array.isArray(matchFields) ? matchFields : [];
  if (onLabels.length + onFields.length === 0) return false;
  return (
    onLabels.every((one) => matchesExpression(one, (key) => own(labels, key))) &&
    onFields.every((one) => matchesExpression(one, (key) => (key === 'metadata.name' ? name : undefined)))
  );
}

function matchesExpression(expression: unknown, read: (key: string) => string | undefined): boolean {
  if (!isObject(expression)) return false;
  const values = Array.isArray(expression.values) ? expression.values.map(String) : [];
  return meets(read(String(expression.key)), String(expression.operator), values);
}
