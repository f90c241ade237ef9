// A hub in a process of its own, started for a measurement and stopped after it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../executor/terminal/command.ts';
import { Connection, type Target } from './connection.ts';

const START_MS = 30_000;
const STOP_MS = 10_000;

export interface HubProcess {
  readonly target: Target;
  /** What it has said about mistakes since it serves. */
  complaints(): string;
  /** What it holds now, in MiB. */
  residentMiB(): Promise<number>;
  stop(): Promise<void>;
}

/** `storage` as `muster hub --storage` takes it; "disk" stands for a folder that is thrown away afterwards. */
export async function startHubProcess(storage: string): Promise<HubProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const place = storage === 'disk' ? `disk:${join(folder, 'store')}` : storage;
  const words = ['hub', '--listen', '127.0.0.1:0', '--storage', place, '--kubeconfig-out', kubeconfig];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await untilServing(child);
    let complaints = '';
    child.stderr!.on('data', (bytes: Buffer) => {
      complaints += bytes.toString();
    });
    const target = await targetOf(kubeconfig);
    return {
      target,
      complaints: () => complaints,
      residentMiB: async () => {
        // A connection that says nothing for a while is closed: each look has its own.
        const connection = await Connection.open(target);
        const { body } = await connection.request('GET', '/metrics');
        connection.close();
        const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(body.toString());
        return Number(bytes?.[1] ?? Number.NaN) / 2 ** 20;
      },
      stop: async () => {
        await stopped(child);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopped(child);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function untilServing(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = '';
    const late = setTimeout(() => reject(new CommandError(`the hub does not start: ${told.trim()}`)), START_MS);
    const settle = (finish: () => void) => {
      clearTimeout(late);
      finish();
    };
    child.stderr!.on('data', (bytes: Buffer) => {
      told += bytes.toString();
      if (told.includes('serving')) settle(resolve);
    });
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', () => settle(() => reject(new CommandError(`the hub stopped: ${told.trim()}`))));
  });
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { server: string; 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: { token: string } }];
}

async function targetOf(file: string): Promise<Target> {
  const { clusters, users } = JSON.parse(await readFile(file, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const url = new URL(server);
  return {
    host: url.hostname,
    port: Number(url.port),
    authority: Buffer.from(authority, 'base64').toString(),
    token: users[0].user.token,
  };
}
