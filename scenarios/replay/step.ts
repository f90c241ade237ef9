// Replaying step by step: stops at every event, shows what is asked for, and goes on as far as it is told.
import { createInterface, type Interface } from 'node:readline';
import { byText } from '../../engine/index.ts';
import { writeText } from '../../executor/files/write.ts';
import type { Palette } from '../../executor/terminal/colour.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';
import { renderTable } from '../../executor/terminal/table.ts';
import { inSeconds } from '../report/seen.ts';
import type { Run } from '../run/run.ts';

const HELP = `  Enter       on to the next event
  30s, 5m     on by so much time
  w           workloads: wanted, assigned and serving
  k           clusters: nodes, pods and what is wrong
  c           on to the end
  q           end it here
`;

export class Stepper {
  readonly #run: Run;
  readonly #colours: Palette;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  /** Null for the next event, whenever it comes. */
  #stopMs: number | null = null;
  #isFree = false;

  constructor(run: Run, colours: Palette, signal: AbortSignal) {
    this.#run = run;
    this.#colours = colours;
    this.#lines = createInterface({ input: process.stdin, output: process.stderr });
    this.#answers = this.#lines[Symbol.asyncIterator]();
    this.#stopMs = 0;
    // On a terminal it is the line editor that hears Ctrl-C.
    this.#lines.on('SIGINT', () => this.#lines.close());
    signal.addEventListener('abort', () => this.#lines.close(), { once: true });
  }

  /** After the start; it goes on until then, or until an event happens. */
  get stopMs(): number {
    return this.#stopMs ?? Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.#lines.close();
  }

  /** False where the run is to end. An event on the way to a time that was asked for does not stop it. */
  async ask(hasNews: boolean): Promise<boolean> {
    if (this.#isFree || (hasNews && this.#stopMs !== null && this.#run.elapsed < this.#stopMs)) return true;
    for (;;) {
      const answer = await this.#question();
      if (answer === null || answer === 'q') return false;
      const ms = parseDuration(answer);
      if (answer === '' || answer === 'n') this.#stopMs = null;
      else if (answer === 'c') this.#isFree = true;
      else if (ms !== null) this.#stopMs = this.#run.elapsed + ms;
      if (answer === '' || answer === 'n' || answer === 'c' || ms !== null) {
        if (answer === 'c') this.#stopMs = null;
        return true;
      }
      await writeText(process.stdout, this.#shown(answer));
    }
  }

  /** Null at the end of the input: as if the run were to end. */
  async #question(): Promise<string | null> {
    this.#lines.setPrompt(this.#colours.bold(`${inSeconds(this.#run.elapsed)}> `));
    this.#lines.prompt();
    const { value, done } = await this.#answers.next();
    return done === true ? null : value.trim();
  }

  #shown(answer: string): string {
    if (answer === 'w') return this.#workloads();
    if (answer === 'k') return this.#clusters();
    return HELP;
  }

  #workloads(): string {
    const rows = this.#run.facts
      .all()
      .map(({ name, desired, serving, assigned }) => [name, String(desired), counts(assigned), counts(serving)]);
    return renderTable(
      ['WORKLOAD', 'WANTED', 'ASSIGNED', 'SERVING'].map((title) => ({ title })),
      rows,
    );
  }

  #clusters(): string {
    const { world } = this.#run.simulation;
    const rows = this.#run.stage.clusters.map(({ name, region, zones, provider }) => {
      const nodes = world.member(name)?.nodes.all ?? [];
      const up = nodes.filter(({ isReady }) => isReady).length;
      return [
        name,
        provider,
        region,
        zones.join(' '),
        `${up} of ${nodes.length}`,
        this.#run.stage.isTroubled(name) ? 'yes' : '',
      ];
    });
    return renderTable(
      ['CLUSTER', 'PROVIDER', 'REGION', 'ZONES', 'NODES UP', 'TROUBLED'].map((title) => ({ title })),
      rows,
    );
  }
}

const counts = (of: ReadonlyMap<string, number>): string =>
  [...of]
    .sort(([a], [b]) => byText(a, b))
    .map(([cluster, count]) => `${cluster}: ${count}`)
    .join(', ');
