// Who schedules: whatever decides for a scheduler name on a hub holds one Lease for it, be it a scheduler by itself or a control
// plane with all its controllers; and a control plane works without its scheduler while another has that.
import { type Controller, type ControlPorts, SCHEDULER_NAME, schedulersOf } from '../../engine/index.ts';
import { pickControllers } from './control-plane.ts';
import { type ElectionOptions, elect } from './lease.ts';

/** Karmada's own scheduler has the same for its name, so that one of Karmada's and one of ours do not decide together either. */
export const schedulingLease = (schedulerName: string): string =>
  schedulerName === SCHEDULER_NAME ? 'karmada-scheduler' : `muster-scheduler-${schedulerName}`;

type Begin = (controllers: readonly Controller[]) => () => Promise<void>;

export interface SchedulingOptions {
  readonly ports: ControlPorts;
  /** Null for all. */
  readonly named: readonly string[] | null;
  /** Begins controllers; the answer ends them. */
  readonly begin: Begin;
  /** Null to schedule whatever others do. */
  readonly election: Omit<ElectionOptions, 'name' | 'lead' | 'onLeader' | 'onDenied'> | null;
  readonly schedules: (lease: string, isScheduling: boolean) => void;
  /** For people: that it is left to others, and that it is not any more. */
  readonly say: (text: string) => void;
}

/** Works, with the scheduler or without; the answer ends it. */
export function workWhoeverSchedules(options: SchedulingOptions): () => Promise<void> {
  const { ports, named, begin, election, schedules, say } = options;
  const all = () => pickControllers(ports, named);
  if (election === null || !all().some(({ name }) => name === 'scheduler')) return begin(all());
  const lease = schedulingLease(SCHEDULER_NAME);
  const schedulers = new Set(schedulersOf(ports, SCHEDULER_NAME).map(({ name }) => name));
  const others = () => all().filter(({ name }) => !schedulers.has(name));
  const turns = new Turns(begin);
  let isOver = false;
  let isLeft = false;
  const leave = (why: string) => {
    isLeft = true;
    say(`leaves scheduling alone: ${why}`);
    if (!turns.hasBegun) void turns.goOnWith(others());
  };
  const turn = elect({
    ...election,
    name: lease,
    onLeader: (leader) => leave(`${leader} schedules, or did until now, by the Lease ${lease}`),
    onDenied: (why) => leave(`it may not have the Lease ${lease}: ${why}`),
    lead: () => {
      if (isLeft) say('schedules');
      isLeft = false;
      schedules(lease, true);
      void turns.goOnWith(all());
      return async () => {
        await turns.goOnWith(isOver ? [] : others());
        schedules(lease, false);
      };
    },
  });
  return async () => {
    isOver = true;
    await turn.stop();
    await turns.goOnWith([]);
  };
}

/** Some are ended before the next begin. */
class Turns {
  readonly #begin: Begin;
  #end: (() => Promise<void>) | null = null;
  #last: Promise<void> | null = null;

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  get hasBegun(): boolean {
    return this.#last !== null;
  }

  goOnWith(controllers: readonly Controller[]): Promise<void> {
    const before = this.#last ?? Promise.resolve();
    this.#last = before.then(async () => {
      await this.#end?.();
      this.#end = controllers.length === 0 ? null : this.#begin(controllers);
    });
    return this.#last;
  }
}
