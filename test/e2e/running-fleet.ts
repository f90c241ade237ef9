// A fleet that `muster up` started for a test, with its APIs, and muster's other commands against it: as processes, or, quicker,
// within the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject } from '../../engine/index.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import type { CommandEntry } from '../../executor/terminal/command.ts';
import { runCommandLine } from '../../executor/terminal/command-line.ts';
import { listening } from '../builders/listening.ts';
import { untilSaid } from './until-said.ts';

const COMMANDS: readonly CommandEntry[] = [
  { usage: 'plan', load: () => import('../../executor/commands/plan.ts') },
  { usage: 'apply [plan]', load: () => import('../../executor/commands/apply.ts') },
  { usage: 'migrate [kind] [name]', load: () => import('../../executor/commands/migrate.ts') },
  { usage: 'clone [kind] [name]', load: () => import('../../executor/commands/clone.ts') },
  { usage: 'rollout <act> [name]', load: () => import('../../executor/commands/rollout.ts') },
  { usage: 'get <kind> [names..]', load: () => import('../../executor/commands/get.ts') },
  { usage: 'describe <kind> [names..]', load: () => import('../../executor/commands/describe.ts') },
  { usage: 'logs [pod]', load: () => import('../../executor/commands/logs.ts') },
  { usage: 'exec <pod>', load: () => import('../../executor/commands/exec.ts') },
  { usage: 'top <what> [name]', load: () => import('../../executor/commands/top.ts') },
  { usage: 'promote <kind> <name>', load: () => import('../../executor/commands/promote.ts') },
].map((entry) => ({ describe: '', ...entry }));

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

export class RunningFleet {
  readonly folder: string;
  /** What it said, line by line. */
  readonly notes: readonly string[];
  readonly #child: ChildProcess;
  readonly #apis = new Map<string, ApiObjects>();

  private constructor(folder: string, child: ChildProcess, notes: readonly string[]) {
    this.folder = folder;
    this.notes = notes;
    this.#child = child;
  }

  static async start(...options: string[]): Promise<RunningFleet> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-fleet-'));
    const child = spawnMuster('up', '--dir', folder, ...options);
    const said = await untilSaid(child, 'ready');
    const fleet = new RunningFleet(folder, child, said);
    for (const context of ['hub', 'member1', 'member2', 'member3']) {
      const address = await contextAddress({ file: join(folder, 'kubeconfig'), context }).catch(() => null);
      if (address !== null) fleet.#apis.set(context, new ApiObjects(new HttpApi(address), context));
    }
    return fleet;
  }

  api(context: string): ApiObjects {
    return this.#apis.get(context)!;
  }

  /** By which other hubs are told of a member of this one. */
  clusterWords(member: string): readonly string[] {
    return ['--cluster-kubeconfig', join(this.folder, 'kubeconfig'), '--cluster-context', member];
  }

  /** A command of muster's, to its end, in this very process. */
  async muster(...args: string[]): Promise<Ended> {
    const heard = listening();
    try {
      const [name = '', ...rest] = args;
      const code = await runCommandLine(COMMANDS, [name, '--dir', this.folder, ...rest]);
      return { code, out: heard.out, notes: heard.notes };
    } finally {
      heard.end();
    }
  }

  /** A command of muster's as its users start it. */
  process(...args: string[]): Promise<Ended> {
    return ended(this.begin(...args));
  }

  /** What was recorded, decided again: no fleet is asked. */
  replay(...args: string[]): Promise<Ended> {
    return muster('replay', ...args);
  }

  /** The same, for whoever wants to end it early. */
  begin(...args: string[]): ChildProcess {
    const [name = '', ...rest] = args;
    return spawnMuster(name!, '--dir', this.folder, ...rest);
  }

  /** Hub and controllers stand still meanwhile; members go on. */
  async whileStopped(act: () => Promise<void>): Promise<void> {
    this.#child.kill('SIGSTOP');
    try {
      await act();
    } finally {
      this.#child.kill('SIGCONT');
    }
  }

  async end(): Promise<void> {
    for (const one of this.#apis.values()) one.close();
    const gone = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await gone;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Muster as a process of its own. */
export const spawnMuster = (...words: readonly string[]) =>
  spawn(process.execPath, ['--import', 'tsx', CLI, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });

/** To its end. */
export const muster = (...words: readonly string[]): Promise<Ended> => ended(spawnMuster(...words));

export async function ended(child: ChildProcess): Promise<Ended> {
  let [out, notes] = ['', ''];
  child.stdout!.on('data', (chunk) => (out += String(chunk)));
  child.stderr!.on('data', (chunk) => (notes += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, notes };
}

/** The fewest replicas of a Deployment that were ready anywhere while something went on. */
export async function fewestReady(
  fleet: RunningFleet,
  name: string,
  namespace: string,
  during: Promise<unknown>,
): Promise<number> {
  const members = ['member1', 'member2', 'member3'].flatMap((member) => fleet.api(member) ?? []);
  let fewest = Number.POSITIVE_INFINITY;
  let isOver = false;
  const over = during.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  while (!isOver) {
    const found = await Promise.all(
      members.map((member) => member.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name })),
    );
    const ready = found.map((one) => (isObject(one?.status) ? Number(one.status.readyReplicas ?? 0) : 0));
    fewest = Math.min(
      fewest,
      ready.reduce((sum, one) => sum + one, 0),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await over;
  return fewest;
}
