// Judges a run while it goes: each expectation is looked at when it is due, and where it lasts, when something it reads has
// changed. All that happens at one moment counts as one: what is judged is the state after it.
import type { Millis } from '../../engine/index.ts';
import type { Value } from '../../executor/script/expression.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Expectation } from './expectation.ts';
import { END_TOPIC, type Facts } from './facts.ts';
import type { Point } from './moment.ts';

export interface FactShown {
  readonly text: string;
  readonly value: Value | null;
}

/** What took for ever never came about. */
export const valueText = (value: Value | null): string =>
  value === null ? 'nothing' : value === Number.POSITIVE_INFINITY ? 'never' : String(value);

export interface Finding {
  readonly expectation: Expectation;
  readonly ok: boolean;
  /** After the start; of a failure, when it was found, and otherwise when it was settled. */
  readonly at: Millis;
  /** Why it failed, in words; what was seen where it held. */
  readonly why: string;
  readonly values: readonly FactShown[];
  /** Of "within": how long it took at most until it held; null where it did not, and of everything else. */
  readonly tookMs: Millis | null;
}

/** A time during which an expectation is looked at. */
interface Window {
  readonly openedAt: Millis;
  isOpen: boolean;
}

interface State {
  readonly expectation: Expectation;
  readonly windows: Set<Window>;
  /** How many windows were opened at all. */
  opened: number;
  /** The longest time that any window waited until it held. */
  tookMs: Millis | null;
  /** As they were when it was last looked at and held. */
  seen: readonly FactShown[] | null;
  finding: Finding | null;
}

export interface JudgePorts {
  readonly facts: Facts;
  /** After the start. */
  readonly now: () => Millis;
  readonly after: (ms: Millis, run: () => void) => void;
  readonly onFinding?: (finding: Finding) => void;
}

export class Judge {
  readonly #ports: JudgePorts;
  readonly #states: readonly State[];
  readonly #byTopic = new Map<string, State[]>();
  /** Those that are to be looked at once everything of this moment has happened. */
  readonly #due = new Set<State>();
  /** What a window's end or a single look needs: done before anything else of the moment is judged. */
  #looks: (() => void)[] = [];

  constructor(expectations: readonly Expectation[], ports: JudgePorts) {
    this.#ports = ports;
    this.#states = expectations.map((expectation) => ({
      expectation,
      windows: new Set(),
      opened: 0,
      tookMs: null,
      seen: null,
      finding: null,
    }));
    for (const state of this.#states) {
      for (const topic of state.expectation.condition.topics) {
        const list = this.#byTopic.get(topic) ?? [];
        list.push(state);
        this.#byTopic.set(topic, list);
      }
    }
  }

  get findings(): readonly Finding[] {
    return this.#states.flatMap(({ finding }) => finding ?? []);
  }

  /** Whether anything waits for `settle`. */
  get isDue(): boolean {
    return this.#due.size > 0 || this.#looks.length > 0;
  }

  /** At the start. */
  begin(): void {
    for (const state of this.#states) {
      const { moment } = state.expectation;
      switch (moment.kind) {
        case 'at-end':
          break;
        case 'at':
        case 'within':
          if (moment.point.event === null) this.#plan(moment.point, () => this.#reach(state));
          break;
        default:
          if (moment.from === null) this.#open(state);
          else if (moment.from.event === null) this.#plan(moment.from, () => this.#open(state));
          if (moment.until?.event === null) this.#plan(moment.until, () => this.#close(state));
      }
    }
  }

  /** An event of the timeline happened. */
  happened(event: string): void {
    for (const state of this.#states) {
      const { moment } = state.expectation;
      if (moment.kind === 'at-end') continue;
      if (moment.kind === 'at' || moment.kind === 'within') {
        if (moment.point.event === event) this.#plan(moment.point, () => this.#reach(state));
        continue;
      }
      if (moment.from?.event === event) this.#plan(moment.from, () => this.#open(state));
      if (moment.until?.event === event) this.#plan(moment.until, () => this.#close(state));
    }
  }

  /** Something has changed that conditions may read. */
  touch(topic: string): void {
    for (const state of this.#byTopic.get(topic) ?? []) if (state.windows.size > 0) this.#due.add(state);
  }

  /** Everything of this moment has happened. */
  settle(): void {
    while (this.#looks.length > 0) {
      const looks = this.#looks;
      this.#looks = [];
      for (const look of looks) look();
    }
    const due = [...this.#due];
    this.#due.clear();
    for (const state of due) this.#look(state);
  }

  /** The run is over: what waited for its end is judged, and what never came about is told, unless it was ended early. */
  end(isEarly: boolean): readonly Finding[] {
    this.settle();
    this.touch(END_TOPIC);
    for (const state of this.#states) if (state.finding === null) this.#end(state, isEarly);
    return this.findings;
  }

  #end(state: State, isEarly: boolean): void {
    const { moment } = state.expectation;
    if (moment.kind === 'at-end') {
      if (!isEarly) this.#require(state, 'at the end');
    } else if (!('point' in moment)) this.#endWindow(state, moment.kind, moment.from, isEarly);
    else if (state.opened === 0 || state.windows.size > 0) {
      if (isEarly) return;
      this.#fail(state, state.opened === 0 ? `${pointText(moment.point)} never came` : 'the run ended before it held');
    } else this.#note(state, true, 'held each time');
  }

  #endWindow(state: State, kind: 'always' | 'never' | 'sometimes', from: Point | null, isEarly: boolean): void {
    if (state.opened === 0 && from !== null) {
      if (!isEarly) this.#fail(state, `${pointText(from)} never came`);
      return;
    }
    this.#look(state);
    if (state.finding !== null) return;
    if (kind !== 'sometimes') this.#note(state, true, kind === 'always' ? 'held all the time' : 'never held');
    else if (!isEarly) this.#fail(state, `${state.expectation.condition.text} never held`);
  }

  #plan({ afterMs }: Point, run: () => void): void {
    // Looked at when the moment is over, so that what happens at the same time counts.
    this.#ports.after(afterMs, () => void this.#looks.push(run));
  }

  /** The moment of an "at" has come, or that from which "within" counts. */
  #reach(state: State): void {
    const { moment } = state.expectation;
    if (state.finding !== null) return;
    state.opened += 1;
    if (moment.kind === 'at') {
      this.#require(state, 'at that moment', false);
      return;
    }
    if (moment.kind !== 'within') return;
    const window = { openedAt: this.#ports.now(), isOpen: true };
    state.windows.add(window);
    this.#due.add(state);
    this.#ports.after(moment.ms, () => {
      this.#looks.push(() => {
        if (!window.isOpen || state.finding !== null) return;
        this.#look(state);
        if (window.isOpen) this.#fail(state, 'it did not hold in time');
      });
    });
  }

  #open(state: State): void {
    if (state.finding !== null) return;
    state.opened += 1;
    for (const window of state.windows) if (window.isOpen) return;
    state.windows.add({ openedAt: this.#ports.now(), isOpen: true });
    this.#due.add(state);
  }

  #close(state: State): void {
    if (state.windows.size === 0) return;
    this.#look(state);
    state.windows.clear();
  }

  #look(state: State): void {
    if (state.finding !== null || state.windows.size === 0) return;
    const { moment, condition } = state.expectation;
    const holds = condition.holds(this.#ports.facts);
    switch (moment.kind) {
      case 'always':
        if (!holds) this.#fail(state, 'it did not hold');
        return;
      case 'never':
        if (holds) this.#fail(state, 'it held');
        return;
      case 'sometimes':
        if (holds) this.#note(state, true, 'it held');
        return;
      case 'within':
        if (!holds) return;
        for (const window of state.windows) {
          state.seen = this.#values(state);
          state.tookMs = Math.max(state.tookMs ?? 0, this.#ports.now() - window.openedAt);
          window.isOpen = false;
        }
        state.windows.clear();
        return;
    }
  }

  #require(state: State, when: string, isLast = true): void {
    if (!state.expectation.condition.holds(this.#ports.facts)) this.#fail(state, `it did not hold ${when}`);
    else if (isLast) this.#note(state, true, `held ${when}`);
    else state.seen = this.#values(state);
  }

  #values({ expectation }: State): readonly FactShown[] {
    return expectation.condition.reads.map(({ text, value }) => ({ text, value: value(this.#ports.facts) ?? null }));
  }

  #fail(state: State, why: string): void {
    this.#note(state, false, why);
  }

  #note(state: State, ok: boolean, why: string): void {
    const { expectation } = state;
    const values = (ok ? state.seen : null) ?? this.#values(state);
    state.finding = { expectation, ok, at: this.#ports.now(), why, values, tookMs: ok ? state.tookMs : null };
    state.windows.clear();
    this.#ports.onFinding?.(state.finding);
  }
}

const pointText = ({ event, afterMs }: Point): string => event ?? formatDuration(afterMs);
