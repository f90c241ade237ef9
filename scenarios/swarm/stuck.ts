// A control plane that does not come to rest: what goes on changing, who goes on trying, and what it is told each time.
import type { Change, Millis, Place, Simulation, TraceLine } from '../../engine/index.ts';
import { isNoise } from '../run/noise.ts';

/** Longer than anything that the control plane waits for by itself. */
const LOOK_MS: Millis = 1_260_000;
const SHOWN = 5;

/** What failed lately, by who tried. */
export class Trouble {
  #isListening = false;
  readonly #steps = new Map<string, string>();
  readonly #failures = new Map<string, { count: number; last: string }>();

  begin(): void {
    this.#isListening = true;
  }

  notice(line: TraceLine): void {
    if (!this.#isListening) return;
    if (line.type === 'step') this.#steps.set(`${line.by} ${line.id}`, `${line.controller} of ${line.key}`);
    if (line.type !== 'settled') return;
    const who = this.#steps.get(`${line.by} ${line.id}`) ?? line.by;
    this.#steps.delete(`${line.by} ${line.id}`);
    for (const result of line.results) {
      if (result.ok || result.code === 'Skipped') continue;
      const known = this.#failures.get(who) ?? { count: 0, last: '' };
      this.#failures.set(who, { count: known.count + 1, last: `${result.code}: ${result.message}` });
    }
  }

  most(): readonly string[] {
    return [...this.#failures]
      .sort(([, a], [, b]) => b.count - a.count)
      .slice(0, SHOWN)
      .map(([who, { count, last }]) => `${who} failed ${count} times, at last with ${last}`);
  }
}

export function whatIsStuck(simulation: Simulation, trouble: Trouble): string {
  const seen = new Map<string, number>();
  const stop = simulation.onChange((change, place) => {
    if (!isNoise(change)) seen.set(changeName(change, place), (seen.get(changeName(change, place)) ?? 0) + 1);
  });
  trouble.begin();
  simulation.runFor(LOOK_MS);
  stop();
  const most = [...seen].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const changing = most.map(([name, count]) => `${name} (${count} times)`).join(', ') || 'nothing now';
  return [`still changing: ${changing}`, ...trouble.most()].join('; ');
}

export const changeName = ({ collection, object }: Change, place: Place): string =>
  `${place} ${collection} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
