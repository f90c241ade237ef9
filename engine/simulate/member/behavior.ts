// How a workload's pods behave in a member, as data: how long they take to start and to stop, how long they run, when they crash.
import { merged } from '../../base/merged.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Latency } from '../latency.ts';

export interface Behavior {
  /** From having a node to being ready. */
  readonly start: Latency;
  /** From being told to stop to being gone. */
  readonly stop: Latency;
  /** How long the pods of a job work. */
  readonly run: Latency;
  /** From being ready to crashing, again and again; null for never. */
  readonly crash: Latency | null;
  /** Starts, fails, and never gets ready. */
  readonly isBroken: boolean;
}

export const BEHAVIOR: Behavior = {
  start: { p50Ms: 3_000, p99Ms: 20_000 },
  stop: { p50Ms: 1_000, p99Ms: 5_000 },
  run: { p50Ms: 60_000, p99Ms: 120_000 },
  crash: null,
  isBroken: false,
};

/** What is left out matches everything. */
export interface BehaviorMatch {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Of the workload, or of its pods. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of any of its containers. */
  readonly image?: string;
}

export interface BehaviorRule {
  readonly match: BehaviorMatch;
  readonly behavior: Partial<Behavior>;
}

/** The first rule that matches and says something about a property decides it. */
export function behaviorOf(object: KubeObject, rules: readonly BehaviorRule[]): Behavior {
  let found: Partial<Behavior> = {};
  for (const { match, behavior } of rules) if (isMatch(object, match)) found = merged(behavior, found);
  return merged(BEHAVIOR, found);
}

function isMatch(object: KubeObject, { kind, namespace, name, labels = {}, image }: BehaviorMatch): boolean {
  const { metadata } = object;
  if (kind !== undefined && kind !== object.kind) return false;
  if (namespace !== undefined && namespace !== (metadata.namespace ?? '')) return false;
  if (name !== undefined && name !== metadata.name) return false;
  if (image !== undefined && !imagesOf(object).includes(image)) return false;
  const own = merged(podLabelsOf(object), metadata.labels);
  return Object.entries(labels).every(([key, value]) => own[key] === value);
}

function imagesOf({ spec }: KubeObject): readonly unknown[] {
  const template = isObject(spec) ? spec.template : undefined;
  const pod = isObject(template) ? template.spec : undefined;
  const containers = isObject(pod) && Array.isArray(pod.containers) ? pod.containers : [];
  return containers.map((container) => (isObject(container) ? container.image : undefined));
}

function podLabelsOf({ spec }: KubeObject): Readonly<Record<string, string>> {
  const template = isObject(spec) ? spec.template : undefined;
  const metadata = isObject(template) ? template.metadata : undefined;
  const labels = isObject(metadata) ? metadata.labels : undefined;
  return isObject(labels) ? (labels as Record<string, string>) : {};
}
