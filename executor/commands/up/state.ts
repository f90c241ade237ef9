// What `muster up` leaves in its folder for `down` and `status`: the process that runs it, and where its kubeconfig is.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../../engine/index.ts';
import { writeAtomically } from '../../files/write-atomic.ts';
import { type ProcessIdentity, processTable } from '../../storage/disk/process-identity.ts';
import { CommandError } from '../../terminal/command.ts';
import { type OwnContext, removeContexts } from './kubeconfig-file.ts';

export const DEFAULT_FOLDER = '.muster';

export interface MemberState {
  readonly name: string;
  readonly kind: 'kind' | 'embedded' | 'kubeconfig';
  /** Of an embedded one. */
  readonly process: ProcessIdentity | null;
}

export interface UpState {
  readonly process: ProcessIdentity;
  readonly kubeconfig: string;
  /** Those of ours in the kubeconfig. */
  readonly contexts: readonly OwnContext[];
  readonly members: readonly MemberState[];
}

const fileIn = (folder: string): string => join(folder, 'up.json');
export const kubeconfigIn = (folder: string): string => join(folder, 'kubeconfig');
export const kindKubeconfigIn = (folder: string): string => join(folder, 'kind.kubeconfig');

/** A first look, in words to be copied. */
export const kubectlWords = (kubeconfig: string, context: string): string =>
  `kubectl --kubeconfig ${kubeconfig} --context ${context} get ${context === 'hub' ? 'clusters' : 'pods -A'}`;

/** Of a cluster of kind's: it is in no file but its own. */
export const kindMemberKubeconfigIn = (folder: string, name: string): string => join(folder, `${name}.kubeconfig`);

export const kindKubectlWords = (folder: string, name: string): string =>
  `kubectl --kubeconfig ${kindMemberKubeconfigIn(folder, name)} get pods -A`;

/** Null where nothing was started, or what was started has ended. */
export async function runningIn(folder: string): Promise<UpState | null> {
  const found = await stateIn(folder);
  return found !== null && processTable().isAlive(found.process) === true ? found : null;
}

/** What was started here and has ended without tidying up takes its contexts with it. */
export async function tidyIn(folder: string): Promise<void> {
  const left = await stateIn(folder);
  if (left === null || processTable().isAlive(left.process) !== false) return;
  await removeContexts(left.kubeconfig, left.contexts ?? []);
  await forgetIn(folder);
}

async function stateIn(folder: string): Promise<UpState | null> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => null);
  if (text === null) return null;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(state) || !isObject(state.process)) return null;
  return state as unknown as UpState;
}

export const rememberIn = (folder: string, started: Omit<UpState, 'process'>): Promise<void> => {
  const state: UpState = { process: processTable().own, ...started };
  return writeAtomically(fileIn(folder), `${JSON.stringify(state)}\n`, { mode: 0o600 });
};

export const forgetIn = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });

export async function refuseSecondIn(folder: string): Promise<void> {
  if ((await runningIn(folder)) === null) return;
  throw new CommandError(`something is up in ${folder} already: end it with "muster down", or name another --dir`);
}
