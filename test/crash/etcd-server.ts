// An etcd of the tests' own, to be killed, stopped and started again; null where none is installed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why tests with etcd cannot run here; null where they can. */
export const etcdIsMissing: string | null = (() => {
  try {
    execFileSync('etcd', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no etcd on the PATH (apt-get install etcd-server)';
  }
})();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export class EtcdServer {
  readonly url: string;
  readonly #folder: string;
  readonly #peer: string;
  #child: ChildProcess | null = null;

  private constructor(folder: string, port: number, peerPort: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#peer = `http://127.0.0.1:${peerPort}`;
  }

  static async start(): Promise<EtcdServer> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-etcd-'));
    const server = new EtcdServer(folder, await freePort(), await freePort());
    await server.start();
    return server;
  }

  /** Returns when it answers. */
  async start(): Promise<void> {
    const args = [
      ...['--data-dir', `${this.#folder}/data`, '--name', 'm', '--log-level', 'error'],
      ...['--listen-client-urls', this.url, '--advertise-client-urls', this.url],
      ...['--listen-peer-urls', this.#peer, '--initial-advertise-peer-urls', this.#peer],
      ...['--initial-cluster', `m=${this.#peer}`],
    ];
    const child = spawn('etcd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(String(chunk)));
    this.#child = child;
    for (const sinceMs = Date.now(); ; ) {
      if (child.exitCode !== null || Date.now() - sinceMs > 20_000) throw new Error(`etcd: ${errors.join('')}`);
      const health = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(1000) }).catch(() => null);
      if (health?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child!;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }

  async restart(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.kill(signal);
    await this.start();
  }

  /** Stands still, with every connection open, until it is let go on. */
  async standStill(): Promise<void> {
    const child = this.#child!;
    child.kill('SIGSTOP');
    // The signal is not at all its threads at once.
    while (isRunning(child.pid!)) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  goOn(): void {
    this.#child!.kill('SIGCONT');
  }

  async pause(ms: number): Promise<void> {
    await this.standStill();
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.goOn();
  }

  async call(path: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Forgets all history up to now. */
  async compact(): Promise<void> {
    const { header } = (await this.call('/v3/kv/range', { key: 'AA==' })) as { header: { revision: string } };
    await this.call('/v3/kv/compaction', { revision: header.revision, physical: true });
  }

  async leave(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

const isRunning = (pid: number): boolean => {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return false;
  try {
    return readdirSync(threads).some((thread) => !/\) T /.test(readFileSync(join(threads, thread, 'stat'), 'utf8')));
  } catch {
    // A thread has ended meanwhile.
    return true;
  }
};
