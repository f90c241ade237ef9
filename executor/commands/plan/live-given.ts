// What a command decides on where a live hub is asked: the fleet and all that the hub holds, and files on top of it.
import type { Argv } from 'yargs';
import { type KubeObject, type Plan, standingPlan } from '../../../engine/index.ts';
import { sortManifests, withNamespaces } from '../../files/desired-state.ts';
import { formatFileProblem } from '../../files/file-problem.ts';
import { loadFleet } from '../../files/fleet-file.ts';
import { loadManifests, type Manifest } from '../../files/manifests.ts';
import { type ApiObjects, ApiProblem, referenceTo } from '../../live/api-objects.ts';
import { MANAGER } from '../../live/apply/changes.ts';
import type { Arguments } from '../../terminal/command.ts';
import { namespaceMeant } from '../hub-access.ts';
import { loadProfile } from '../load-profile.ts';
import type { Given } from '../manifests-and-fleet.ts';
import { overlaid, readLiveState } from './live-state.ts';
import { isApplied } from './plan-file.ts';

export interface LiveGiven extends Given {
  /** What runs now. */
  readonly standing: Plan;
  /** What the files say. */
  readonly files: readonly KubeObject[];
}

/** Without defaults: naming any of them asks for the hub. */
export const withLiveOptions = (yargs: Argv): Argv =>
  yargs
    .option('dir', { describe: 'plan on the hub that up runs from this folder', type: 'string' })
    .option('kubeconfig', { describe: 'plan on the hub of this kubeconfig', type: 'string' })
    .option('context', { describe: 'its context', type: 'string' });

export const asksForHub = ({ dir, kubeconfig, context }: Arguments): boolean =>
  [dir, kubeconfig, context].some((one) => one !== undefined);

export async function loadLiveGiven(hub: ApiObjects, args: Arguments, names: readonly string[]): Promise<LiveGiven> {
  const namespace = typeof args.namespace === 'string' ? args.namespace : await namespaceMeant(args);
  const read = await loadManifests(names, { recursive: args.recursive === true });
  const files = withNamespaces(read, namespace);
  const live = await readLiveState(hub);
  const manifests = overlaid(live.manifests, await asStored(hub, files));
  const state = sortManifests(manifests);
  const own = new Set(files.map(({ origin }) => origin.file));
  for (const warning of state.warnings.filter(({ file }) => own.has(file))) {
    process.stderr.write(`warning: ${formatFileProblem(warning)}\n`);
  }
  const profile = await loadProfile(String(args.profile));
  const clusters = typeof args.fleet === 'string' ? await loadFleet(args.fleet) : live.clusters;
  return {
    state,
    profile,
    clusters,
    standing: standingPlan(live.bindings, live.works, profile.name),
    files: files.map(({ object }) => object),
  };
}

/** What the hub would make of what it has already, with all that it fills in; where it does not say, what the file says. */
async function asStored(hub: ApiObjects, files: readonly Manifest[]): Promise<readonly Manifest[]> {
  const stored: Manifest[] = [];
  for (const manifest of files) {
    const there = isApplied(manifest.object) ? await hub.get(referenceTo(manifest.object)) : null;
    stored.push(there === null ? manifest : { ...manifest, object: await applied(hub, manifest.object) });
  }
  return stored;
}

async function applied(hub: ApiObjects, object: KubeObject): Promise<KubeObject> {
  try {
    const { status: _status, ...wanted } = object;
    const answer = await hub.apply(wanted as KubeObject, { manager: MANAGER, force: true, dryRun: true });
    const { managedFields: _fields, ...metadata } = answer.metadata;
    return { ...answer, apiVersion: object.apiVersion, kind: object.kind, metadata };
  } catch (error) {
    if (error instanceof ApiProblem) return object;
    throw error;
  }
}
