// A fleet that `muster up` made for a measurement: its APIs, and what its processes use.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runningIn } from '../../executor/commands/up/state.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { CommandError } from '../../executor/terminal/command.ts';

/** What a process has used since it began. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** Changes of the store: every write that did something. */
  readonly writes: number;
  /** Requests that came over the network. */
  readonly requests: number;
}

export interface LiveFleetOptions {
  readonly muster?: readonly string[];
  readonly options?: readonly string[];
  /** As `muster up` takes it; "disk" stands for a folder that is thrown away afterwards. */
  readonly storage?: string;
}

const THIS: readonly string[] = [...process.execArgv, process.argv[1]!];

export class LiveFleet {
  readonly hub: HttpApi;
  readonly members: ReadonlyMap<string, HttpApi>;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(folder: string, child: ChildProcess, hub: HttpApi, members: ReadonlyMap<string, HttpApi>) {
    this.#folder = folder;
    this.#child = child;
    this.hub = hub;
    this.members = members;
  }

  /** `muster` is how that is started: by default as this process was. */
  static async start(
    count: number,
    { muster = THIS, options = [], storage = 'memory' }: LiveFleetOptions = {},
  ): Promise<LiveFleet> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
    const place = storage === 'disk' ? `disk:${join(folder, 'store')}` : storage;
    const words = [...muster, 'up', '--dir', folder, '--members', `embedded:${count}`, '--storage', place, ...options];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      await untilReady(child);
      const apiOf = async (context: string) =>
        new HttpApi(await contextAddress({ file: join(folder, 'kubeconfig'), context }), { timeoutMs: 60_000 });
      const members = new Map<string, HttpApi>();
      for (let at = 1; at <= count; at += 1) members.set(`member${at}`, await apiOf(`member${at}`));
      return new LiveFleet(folder, child, await apiOf('hub'), members);
    } catch (error) {
      await stopped(child);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** As a power cut would. */
  async kill(member: string): Promise<void> {
    const state = await runningIn(this.#folder);
    const pid = state?.members.find(({ name }) => name === member)?.process?.pid ?? null;
    if (pid === null) throw new CommandError(`${member} has no process`);
    process.kill(pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    for (const api of [this.hub, ...this.members.values()]) api.close();
    await stopped(this.#child);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Of the process that serves this API. */
export async function usageOf(api: HttpApi): Promise<Usage> {
  const ask = () => api.send({ method: 'GET', path: '/metrics', accept: 'text/plain' });
  const first = await ask();
  // A connection that has been idle may be closed just then.
  const answer = first.ok ? first : await ask();
  if (!answer.ok || answer.status !== 200) {
    const why = answer.ok ? `status ${answer.status}` : answer.message;
    throw new CommandError(`a process does not tell what it uses: ${why}`);
  }
  const read = (name: string): number => {
    const found = [...answer.text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return found.reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return {
    cpuSeconds: read('process_cpu_seconds_total'),
    residentMiB: read('process_resident_memory_bytes') / 2 ** 20,
    writes: read('muster_store_revision'),
    requests: read('apiserver_request_total'),
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('up: ready')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new CommandError(`the fleet stopped: ${said.slice(-3).join(' ')}`)));
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
