// What the stand-ins for kind and for its container engine know of their clusters: a file for each, in a folder of the test's.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenAccess } from '../../../executor/live/address.ts';

export interface StandInCluster {
  readonly name: string;
  /** Keeps it, and does to it what the engine is told. */
  readonly keeper: number;
  /** Its containers. */
  readonly pid: number;
  readonly access: TokenAccess;
}

export const FOLDER = process.env.STAND_IN_KIND ?? '';
export const fileOf = (name: string): string => join(FOLDER, `${name}.cluster`);
export const nodeOf = (name: string): string => `${name}-control-plane`;

export async function clusters(): Promise<readonly StandInCluster[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.cluster')).sort();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as StandInCluster),
  );
}

export const cluster = async (name: string): Promise<StandInCluster | null> =>
  (await clusters()).find((one) => one.name === name) ?? null;

/** As both say it: the last line on standard error, and exit code 1. */
export function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
