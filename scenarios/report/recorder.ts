// Records a run for its report: who serves where, how the clusters are, what was decided and why. It watches, and changes nothing.
import {
  type Change,
  type Cluster,
  COLLECTIONS,
  explain,
  formatKey,
  HUB,
  hasConditionStatus,
  isObject,
  keyOf,
  type ObjectKey,
  parseQuantity,
  pluginsFor,
  type ResourceBinding,
  type TraceLine,
} from '../../engine/index.ts';
import { DECIDERS } from '../metrics/notice.ts';
import type { Run, RunOutcome } from '../run/run.ts';
import { whyEach } from './explained.ts';
import { History } from './history.ts';
import type { ReportCluster, ReportData, ReportDecision, ReportWorkload } from './report-data.ts';
import { judgedText } from './seen.ts';

/** A report is looked at: beyond these nobody sees anything any more, and the file gets heavy. */
const WORKLOADS_MAX = 60;
const CLUSTERS_MAX = 200;
const DECISIONS_MAX = 400;
const EXPLAINED_MAX = 120;
const EXPLAINED_CLUSTERS_MAX = 40;

interface WorkloadHistory {
  readonly key: ObjectKey;
  readonly kind: string;
  readonly desired: History<number>;
  readonly serving: History<number>;
  readonly moved: History<number>;
  readonly servingIn: Map<string, History<number>>;
  readonly assignedIn: Map<string, History<number>>;
}

interface ClusterHistory {
  readonly provider: string;
  readonly region: string;
  readonly zone: string;
  readonly state: History<string>;
  readonly cpu: History<number>;
}

export class Recorder {
  #run: Run | null = null;
  readonly #workloads = new Map<string, WorkloadHistory>();
  readonly #clusters = new Map<string, ClusterHistory>();
  readonly #decisions: ReportDecision[] = [];
  readonly #left = new Set<string>();

  attach(run: Run): void {
    this.#run = run;
    const { simulation } = run;
    simulation.onServing((cluster, key) => this.#noticeServing(cluster, key));
    simulation.onChange((change, place) => {
      if (place === HUB) this.#notice(change);
    });
  }

  /** Decisions are seen when they are made, so that what explains them is what they were made from. */
  notice(line: TraceLine): void {
    if (line.type !== 'step' || this.#run === null || !DECIDERS.has(line.controller)) return;
    for (const command of line.commands) {
      if (command.verb !== 'patch' || !isObject(command.patch.spec) || !Array.isArray(command.patch.spec.clusters))
        continue;
      this.#noteDecision(command.key, command.patch.spec.clusters as unknown as Targets);
    }
  }

  finish(outcome: RunOutcome, again: string): ReportData {
    const { scenario } = this.#run!;
    const { findings, figures, story, ok, endedAt } = outcome;
    return {
      name: scenario.name,
      title: scenario.title,
      seed: scenario.seed,
      profile: scenario.profile.name,
      seconds: seconds(endedAt),
      ok,
      again,
      clusters: [...this.#clusters].map(([name, cluster]): ReportCluster => {
        const { provider, region, zone, state, cpu } = cluster;
        return { name, provider, region, zone, state: state.steps, cpu: cpu.steps };
      }),
      workloads: [...this.#workloads.values()].map(
        (one): ReportWorkload => ({
          name: one.key.namespace === 'default' ? one.key.name : `${one.key.namespace}/${one.key.name}`,
          kind: one.kind,
          desired: one.desired.steps,
          serving: one.serving.steps,
          moved: one.moved.steps,
          servingIn: stepsOf(one.servingIn),
          assignedIn: stepsOf(one.assignedIn),
        }),
      ),
      decisions: this.#decisions,
      story: story.map(({ at, sort, text, ok: isGood }) => ({ at: seconds(at), sort, text, ok: isGood })),
      findings: findings.map((finding) => ({
        name: finding.expectation.name,
        ok: finding.ok,
        why: judgedText(finding),
        because: finding.expectation.because,
      })),
      figures,
      left: [...this.#left],
    };
  }

  get #second(): number {
    return seconds(this.#run?.elapsed ?? 0);
  }

  #workload(key: ObjectKey, kind: string): WorkloadHistory | null {
    const name = formatKey(key);
    let found = this.#workloads.get(name);
    if (found === undefined) {
      if (this.#workloads.size >= WORKLOADS_MAX) {
        this.#left.add(`only ${WORKLOADS_MAX} workloads are shown`);
        return null;
      }
      found = {
        key,
        kind,
        desired: new History(),
        serving: new History(),
        moved: new History(),
        servingIn: new Map(),
        assignedIn: new Map(),
      };
      this.#workloads.set(name, found);
    }
    return found;
  }

  #noticeServing(cluster: string, key: ObjectKey): void {
    const track = this.#workloads.get(formatKey(key));
    const facts = this.#run?.facts.workload(key);
    if (track === undefined || facts === null || facts === undefined) return;
    historyIn(track.servingIn, cluster).note(this.#second, facts.serving.get(cluster) ?? 0);
    this.#noteTotals(track);
  }

  #noteTotals(track: WorkloadHistory): void {
    const facts = this.#run?.facts.workload(track.key);
    if (facts === null || facts === undefined) return;
    track.desired.note(this.#second, facts.desired);
    track.moved.note(this.#second, facts.moved);
    track.serving.note(
      this.#second,
      [...facts.serving.values()].reduce((sum, count) => sum + count, 0),
    );
  }

  #notice(change: Change): void {
    if (change.collection === COLLECTIONS.clusters) this.#noticeCluster(change);
    else if (change.collection === COLLECTIONS.bindings) this.#noticeBinding(change);
    else {
      const track = this.#workloads.get(formatKey(keyOf(change.collection, change.object)));
      if (track !== undefined) this.#noteTotals(track);
    }
  }

  #noticeBinding({ type, object }: Change): void {
    const { spec } = object as unknown as ResourceBinding;
    if ((spec.replicas ?? 0) === 0) return;
    const key = this.#run!.scenario.keyOf({
      apiVersion: spec.resource.apiVersion,
      kind: spec.resource.kind,
      metadata: { name: spec.resource.name, namespace: spec.resource.namespace ?? '' },
    });
    const track = key === null ? null : this.#workload(key, spec.resource.kind);
    if (track === null) return;
    const targets = type === 'DELETED' ? [] : (spec.clusters ?? []);
    const counts = new Map(targets.map(({ name, replicas = 0 }) => [name, replicas]));
    for (const name of new Set([...track.assignedIn.keys(), ...counts.keys()])) {
      historyIn(track.assignedIn, name).note(this.#second, counts.get(name) ?? 0);
    }
    this.#noteTotals(track);
  }

  #noticeCluster({ type, object }: Change): void {
    const cluster = object as unknown as Cluster;
    const { name } = object.metadata;
    let track = this.#clusters.get(name);
    if (track === undefined) {
      if (this.#clusters.size >= CLUSTERS_MAX) {
        this.#left.add(`only ${CLUSTERS_MAX} clusters are shown`);
        return;
      }
      const { provider = '', region = '', zones = [] } = cluster.spec;
      track = { provider, region, zone: zones[0] ?? '', state: new History(), cpu: new History() };
      this.#clusters.set(name, track);
    }
    track.state.note(this.#second, type === 'DELETED' ? 'gone' : stateOf(cluster));
    track.cpu.note(this.#second, type === 'DELETED' ? 0 : cpuOf(cluster));
  }

  #noteDecision(key: ObjectKey, targets: Targets): void {
    if (this.#decisions.length >= DECISIONS_MAX) {
      this.#left.add(`only the first ${DECISIONS_MAX} decisions are listed`);
      return;
    }
    const { hub } = this.#run!.simulation.world;
    const found = hub.store.get(key.collection, key.namespace, key.name) as unknown as ResourceBinding | null;
    if (found === null) return;
    const { namespace = 'default', name } = found.spec.resource;
    this.#decisions.push({
      at: this.#second,
      workload: namespace === 'default' ? name : `${namespace}/${name}`,
      before: placesText(found.spec.clusters ?? []),
      after: placesText(targets),
      why: this.#explain(found),
    });
  }

  #explain(binding: ResourceBinding): ReportDecision['why'] {
    const { scenario, simulation } = this.#run!;
    const clusters = simulation.world.hub.store.list(COLLECTIONS.clusters) as unknown as readonly Cluster[];
    if (this.#decisions.length >= EXPLAINED_MAX || clusters.length > EXPLAINED_CLUSTERS_MAX) {
      this.#left.add('not every decision is explained: there are too many');
      return [];
    }
    const input = { spec: binding.spec, status: binding.status };
    return whyEach(explain(input, { clusters }, scenario.profile, pluginsFor(scenario.profile)));
  }
}

type Targets = readonly { readonly name: string; readonly replicas?: number }[];

/** Tenths: enough for the eye. */
const seconds = (ms: number): number => Math.round(ms / 100) / 10;

const placesText = (targets: Targets): string =>
  targets.map(({ name, replicas }) => (replicas === undefined ? name : `${name}: ${replicas}`)).join(', ') || 'nowhere';

function historyIn(histories: Map<string, History<number>>, cluster: string): History<number> {
  let history = histories.get(cluster);
  if (history === undefined) {
    history = new History();
    histories.set(cluster, history);
  }
  return history;
}

const stepsOf = (histories: ReadonlyMap<string, History<number>>) =>
  Object.fromEntries([...histories].map(([cluster, history]) => [cluster, history.steps]));

const CORDONED = 'cluster.karmada.io/unschedulable';

function stateOf({ metadata, spec, status }: Cluster): string {
  if (metadata.deletionTimestamp !== undefined) return 'leaving';
  if (hasConditionStatus(status?.conditions, 'Ready', 'Unknown')) return 'unknown';
  if (hasConditionStatus(status?.conditions, 'Ready', 'False')) return 'not ready';
  if (status?.conditions === undefined) return 'unknown';
  return spec.taints?.some(({ key }) => key === CORDONED) === true ? 'cordoned' : 'ready';
}

function cpuOf({ status }: Cluster): number {
  const cores = (amount: string | number | undefined) => {
    const quantity = amount === undefined ? null : parseQuantity(amount);
    return quantity === null ? 0 : Number(quantity.nano / 1_000_000n);
  };
  const { allocatable, allocated, allocating } = status?.resourceSummary ?? {};
  const all = cores(allocatable?.cpu);
  return all === 0 ? 0 : Math.round(((cores(allocated?.cpu) + cores(allocating?.cpu)) * 100) / all);
}
