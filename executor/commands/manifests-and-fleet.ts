// What commands that decide are given: manifests and policies, a fleet, and a profile; declared and loaded in one way.
import type { Argv } from 'yargs';
import type { Cluster, Profile } from '../../engine/index.ts';
import { type DesiredState, loadDesiredState } from '../files/desired-state.ts';
import { formatFileProblem } from '../files/file-problem.ts';
import { admitFleet, loadFleet } from '../files/fleet-file.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';
import { refuseUninterpretable } from './interpretable.ts';
import { loadProfile } from './load-profile.ts';

export interface Given {
  readonly state: DesiredState;
  readonly clusters: readonly Cluster[];
  readonly profile: Profile;
}

export const declareManifests = (yargs: Argv, { isNeeded = true }: { isNeeded?: boolean } = {}): Argv =>
  yargs.option('file', {
    alias: 'f',
    type: 'string',
    array: true,
    nargs: 1,
    ...(isNeeded ? { demandOption: true } : { default: [] }),
    describe: 'manifests and policies: files, directories, "-"',
  });

export const declareFleet = (yargs: Argv): Argv =>
  yargs
    .option('fleet', { type: 'string', describe: 'Cluster objects, or {"clusters": [...]}: a file or a directory' })
    .option('namespace', { alias: 'n', type: 'string', describe: 'namespace of what names none' })
    .option('recursive', { alias: 'R', type: 'boolean', default: false, describe: 'directories below directories too' })
    .option('profile', {
      type: 'string',
      default: 'muster',
      describe: 'muster, karmada, or a file with a profile of your own',
    });

/** Of the options declared here; `files` are those of --file unless a command has them from elsewhere. */
export async function loadGiven(
  args: Arguments,
  files: readonly string[] = args.file as readonly string[],
): Promise<Given> {
  const namespace = args.namespace as string | undefined;
  const state = await loadDesiredState(files, {
    recursive: args.recursive as boolean,
    ...(namespace === undefined ? {} : { namespace }),
  });
  for (const warning of state.warnings) process.stderr.write(`warning: ${formatFileProblem(warning)}\n`);
  refuseUninterpretable(state);
  const profile = await loadProfile(args.profile as string);
  return { state, profile, clusters: await fleetOf(state, args.fleet as string | undefined, files) };
}

async function fleetOf(
  state: DesiredState,
  fleet: string | undefined,
  files: readonly string[],
): Promise<readonly Cluster[]> {
  if (fleet !== undefined) return loadFleet(fleet);
  if (state.clusters.length > 0) return admitFleet(state.clusters, files.join(', '));
  throw new CommandError('which clusters? Name a file of Cluster objects with --fleet');
}
