// Starts and ends embedded members, each in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BehaviorRule, NodePool } from '../../engine/index.ts';
import {
  type EmbeddedOptions,
  type EmbeddedOrder,
  type EmbeddedReady,
  type EmbeddedTruth,
  GREETING,
} from './embedded-words.ts';
import { MemberError } from './member.ts';

export interface EmbeddedMember extends EmbeddedReady {
  readonly name: string;
  readonly pid: number;
  isAlive(): boolean;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** Stops answering, and goes on where it was. */
  pause(): void;
  resume(): void;
  /** Something is to happen in it. */
  tell(order: EmbeddedOrder): void;
  close(): Promise<void>;
}

export const EMBEDDED_NODES: readonly NodePool[] = [
  { name: 'node', count: 3, allocatable: { cpu: '16', memory: '64Gi', 'ephemeral-storage': '200Gi', pods: 110 } },
];

/** Images are there already, and what jobs do is little. */
export const EMBEDDED_BEHAVIORS: readonly BehaviorRule[] = [
  { match: {}, behavior: { start: { p50Ms: 800, p99Ms: 2_000 }, run: { p50Ms: 3_000, p99Ms: 8_000 } } },
];

const START_MS = 30_000;
const isBuilt = import.meta.url.endsWith('.js');
const PROCESS = fileURLToPath(new URL(`./embedded-process.${isBuilt ? 'js' : 'ts'}`, import.meta.url));

export async function startEmbedded(
  options: EmbeddedOptions,
  onTruth: (truth: EmbeddedTruth) => void = () => {},
): Promise<EmbeddedMember> {
  // Sources run in whatever folder the user is in.
  const runner = isBuilt ? [] : ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
  const child = spawn(process.execPath, [...runner, PROCESS, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  child.on('message', (told: EmbeddedTruth) => onTruth(told));
  // It may be gone before it is told to go.
  child.stdin!.on('error', () => {});
  const ready = await readiness(child, options.name);
  child.stdout!.resume();
  child.stderr!.resume();
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  };
  return {
    ...ready,
    name: options.name,
    pid: child.pid!,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: () => end('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    tell: (order) => void (child.connected && child.send(order)),
    close: () => end('SIGTERM'),
  };
}

function readiness(child: ChildProcess, name: string): Promise<EmbeddedReady> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new MemberError(`embedded member ${name} did not come up within ${START_MS / 1000} s`));
    }, START_MS);
    createInterface({ input: child.stderr! }).on('line', (line) => said.push(line));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (!line.startsWith(GREETING)) return;
      clearTimeout(limit);
      resolve(JSON.parse(line.slice(GREETING.length)) as EmbeddedReady);
    });
    child.once('error', (error) => {
      clearTimeout(limit);
      reject(new MemberError(`embedded member ${name} cannot be started: ${error.message}`));
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      reject(new MemberError(`embedded member ${name} ended with code ${code}: ${said.slice(-3).join(' ')}`));
    });
  });
}
