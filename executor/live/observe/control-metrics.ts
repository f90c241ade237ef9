// What controllers do, counted under the names that dashboards for Karmada and for controllers in general know.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  COLLECTIONS,
  type Command,
  type CommandResult,
  type ControllerManager,
  clusterOf,
  HUB,
  type Task,
} from '../../../engine/index.ts';
import type { Mistake } from '../surviving.ts';
import { addClusterGauges } from './cluster-gauges.ts';
import type { Observer } from './observer.ts';

const BUCKETS = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192];

/** The one kind of scheduling there is here: whatever changed, the whole decision is made anew. */
const SCHEDULE_TYPE = 'ReconcileSchedule';
const SCHEDULER = 'scheduler';
const EVICTERS = new Set(['graceful-eviction', 'taint-manager', 'application-failover']);

const WRITTEN: Readonly<Partial<Record<Command['verb'], string>>> = {
  create: 'create_resource_to_cluster',
  update: 'update_resource_to_cluster',
  patch: 'update_resource_to_cluster',
  delete: 'delete_resource_from_cluster',
};

export class ControlMetrics implements Observer {
  readonly #registry = new Registry();
  readonly #managers = new Set<ControllerManager>();
  readonly #reconciled = this.#counter('controller_runtime_reconcile_total', 'Keys worked on.', 'controller', 'result');
  readonly #failed = this.#counter('controller_runtime_reconcile_errors_total', 'Keys that failed.', 'controller');
  readonly #mistakes = this.#counter(
    'controller_runtime_reconcile_panics_total',
    'Mistakes of controllers, after which they went on.',
    'controller',
  );
  readonly #took = this.#histogram(
    'controller_runtime_reconcile_time_seconds',
    'Seconds from a decision to the last answer to what it wanted.',
    'controller',
  );
  readonly #requests = this.#counter('rest_client_requests_total', 'Requests to APIs.', 'code', 'host', 'method');
  readonly #attempts = this.#counter(
    'karmada_scheduler_schedule_attempts_total',
    'Decisions about a binding.',
    'result',
    'schedule_type',
  );
  readonly #scheduling = this.#histogram(
    'karmada_scheduler_e2e_scheduling_duration_seconds',
    'Seconds from the beginning of a decision until it is written.',
    'result',
    'schedule_type',
  );
  readonly #policies = this.#counter('policy_apply_attempts_total', 'Policies applied to templates.', 'result');
  readonly #evicted = this.#counter('eviction_processing_total', 'Evictions worked on.', 'name', 'result');
  readonly #leading = new Gauge({
    name: 'leader_election_master_status',
    help: 'One where this process leads, zero where it stands by.',
    labelNames: ['name'],
    registers: [this.#registry],
  });
  /** Of the controllers whose time Karmada knows by a name of its own. */
  readonly #timings: ReadonlyMap<string, Histogram> = new Map([
    [
      'resource-detector',
      this.#histogram('resource_apply_policy_duration_seconds', 'Seconds to apply a policy.', 'result'),
    ],
    ['binding', this.#histogram('binding_sync_work_duration_seconds', "Seconds to write a binding's works.", 'result')],
    [
      'execution',
      this.#histogram('work_sync_workload_duration_seconds', "Seconds to write a work's objects.", 'result'),
    ],
  ]);
  readonly #states = this.#histogram(
    'cluster_sync_status_duration_seconds',
    'Seconds to ask a cluster how it is.',
    'member_cluster',
  );
  readonly #writes: ReadonlyMap<string, Counter> = new Map(
    [...new Set(Object.values(WRITTEN))].map((name) => [
      name,
      this.#counter(name, 'Objects written in members.', 'result', 'apiversion', 'kind', 'member_cluster'),
    ]),
  );

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#addQueues();
    addClusterGauges(this.#registry, () => {
      const known = new Map(
        [...this.#managers].flatMap(({ cache }) =>
          cache
            .reader(HUB)
            .list(COLLECTIONS.clusters)
            .map((cluster) => [cluster.metadata.name, cluster] as const),
        ),
      );
      return [...known.values()];
    });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  begun(manager: ControllerManager): () => void {
    this.#managers.add(manager);
    return () => void this.#managers.delete(manager);
  }

  mistaken({ controller }: Mistake): void {
    this.#mistakes.inc({ controller });
  }

  requested(host: string, method: string, status: number | null): void {
    this.#requests.inc({ code: status === null ? '<error>' : String(status), host, method });
  }

  leads(name: string, isLeader: boolean): void {
    this.#leading.set({ name }, isLeader ? 1 : 0);
  }

  settled(task: Task, results: readonly CommandResult[], tookMs: number): void {
    const { controller, key, outcome } = task;
    const seconds = tookMs / 1000;
    const isFailed = results.some((result) => !result.ok);
    const result = isFailed ? 'error' : 'success';
    this.#reconciled.inc({ controller, result });
    if (isFailed) this.#failed.inc({ controller });
    this.#took.observe({ controller }, seconds);
    for (const [at, command] of outcome.commands.entries()) {
      const own = results[at];
      if (own !== undefined) this.#countWrite(command, own);
    }
    if (outcome.commands.length === 0) return;
    this.#timings.get(controller)?.observe({ result }, seconds);
    if (controller === 'resource-detector') this.#policies.inc({ result });
    if (controller === 'cluster-status') this.#states.observe({ member_cluster: key }, seconds);
    if (EVICTERS.has(controller)) this.#evicted.inc({ name: controller, result });
    if (controller === SCHEDULER) this.#countDecision(task, isFailed, seconds);
  }

  #countDecision({ outcome }: Task, isFailed: boolean, seconds: number): void {
    // The last word counts: some affinities come to nothing before one is found.
    const isUnplaced = outcome.events.at(-1)?.reason === 'ScheduleBindingFailed';
    const labels = { result: isFailed || isUnplaced ? 'error' : 'scheduled', schedule_type: SCHEDULE_TYPE };
    this.#attempts.inc(labels);
    this.#scheduling.observe(labels, seconds);
  }

  #countWrite(command: Command, result: CommandResult): void {
    const cluster = clusterOf(command.on);
    const counter = this.#writes.get(WRITTEN[command.verb] ?? '');
    if (cluster === null || counter === undefined || !('key' in command)) return;
    const [group = '', plural = ''] = command.key.collection.split('/');
    const object = 'object' in command ? command.object : null;
    counter.inc({
      result: result.ok ? 'success' : 'error',
      apiversion: object?.apiVersion ?? group,
      kind: object?.kind ?? plural,
      member_cluster: cluster,
    });
  }

  #addQueues(): void {
    const backlog = () => [...this.#managers].flatMap((manager) => manager.backlog());
    const gauge = (
      name: string,
      help: string,
      label: string,
      isOf: (controller: string) => boolean,
      part: 'keys' | 'held',
    ) =>
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [this.#registry],
        collect() {
          this.reset();
          for (const one of backlog()) if (isOf(one.controller)) this.set({ [label]: one.controller }, one[part]);
        },
      });
    const all = () => true;
    gauge('workqueue_depth', 'Keys that wait or will be due.', 'name', all, 'keys');
    gauge('controller_runtime_active_workers', 'Keys that are being worked on.', 'controller', all, 'held');
    gauge('eviction_queue_depth', 'Evictions that wait.', 'name', (name) => EVICTERS.has(name), 'keys');
    new Gauge({
      name: 'scheduler_pending_bindings',
      help: 'Bindings to be decided on.',
      labelNames: ['queue'],
      registers: [this.#registry],
      collect() {
        const own = backlog().filter(({ controller }) => controller === SCHEDULER);
        this.set(
          { queue: 'active' },
          own.reduce((sum, { held }) => sum + held, 0),
        );
        this.set(
          { queue: 'backoff' },
          own.reduce((sum, { keys }) => sum + keys, 0),
        );
      },
    });
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, ...labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [this.#registry] });
  }
}
