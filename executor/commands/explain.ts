// "muster explain": why each cluster was or was not chosen for a workload, and what would change it.
import type { Argv } from 'yargs';
import {
  type Cluster,
  explain,
  extendPlugins,
  Interpreter,
  nativeLayer,
  pluginsFor,
  relax,
} from '../../engine/index.ts';
import { type DesiredState, loadDesiredState } from '../files/desired-state.ts';
import { formatFileProblem } from '../files/file-problem.ts';
import { admitFleet, loadFleet } from '../files/fleet-file.ts';
import { writeText } from '../files/write.ts';
import { printYaml } from '../files/yaml.ts';
import { type ColourMode, palette, wantsColour } from '../terminal/colour.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { findSubject, peersOf } from './explain/subject.ts';
import { explanationText, type Told } from './explain/text.ts';
import { loadPolicyScore, loadProfile, loadScores } from './load-profile.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml'] as const;

export const command: Command = {
  declare: (yargs: Argv) =>
    yargs
      .positional('workload', { type: 'string', demandOption: true, describe: 'KIND/NAME, such as deployment/web' })
      .option('file', {
        alias: 'f',
        type: 'string',
        array: true,
        nargs: 1,
        demandOption: true,
        describe: 'manifests and policies: files, directories, "-"',
      })
      .option('fleet', { type: 'string', describe: 'Cluster objects, or {"clusters": [...]}: a file or a directory' })
      .option('namespace', { alias: 'n', type: 'string', describe: 'namespace of the workload' })
      .option('recursive', {
        alias: 'R',
        type: 'boolean',
        default: false,
        describe: 'directories below directories too',
      })
      .option('profile', {
        type: 'string',
        default: 'muster',
        describe: 'muster, karmada, or a file with a profile of your own',
      })
      .option('output', { alias: 'o', choices: OUTPUTS, default: 'table' as const, describe: 'how to print it' })
      .example('$0 explain -f app/ --fleet fleet.yaml deployment/web', 'where web goes, and why not elsewhere')
      .epilogue(
        'A ResourceBinding among the manifests says where the workload runs already. Without --fleet the Cluster objects\namong the manifests are the fleet.',
      ),

  async run(args: Arguments): Promise<ExitCode> {
    const told = await tell(args);
    await writeText(process.stdout, print(told, args));
    return 0;
  },
};

async function tell(args: Arguments): Promise<Told> {
  const namespace = args.namespace as string | undefined;
  const files = args.file as readonly string[];
  const state = await loadDesiredState(files, {
    recursive: args.recursive as boolean,
    ...(namespace === undefined ? {} : { namespace }),
  });
  for (const warning of state.warnings) process.stderr.write(`warning: ${formatFileProblem(warning)}\n`);
  const profile = await loadProfile(args.profile as string);
  const clusters = await fleetOf(state, args.fleet as string | undefined, files);
  const interpreter = new Interpreter([nativeLayer]);
  const { policy, binding } = findSubject(state, args.workload as string, namespace, {
    interpreter,
    gates: profile.gates,
  });
  const scores = [...(await loadScores(profile)), ...(await loadPolicyScore(policy?.metadata.annotations))];
  const plugins = extendPlugins(pluginsFor(profile), { scores });
  const fleet = { clusters, peers: peersOf(state, binding) };
  const explanation = explain(binding, fleet, profile, plugins);
  return { explanation, policy, remedies: relax({ binding, fleet, profile, plugins }) };
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

function print(told: Told, { output, color }: Arguments): string {
  if (output === 'json') return `${JSON.stringify(plain(told), null, 2)}\n`;
  if (output === 'yaml') return printYaml(plain(told));
  return explanationText(told, palette(wantsColour(color as ColourMode, process.stdout)), output === 'wide');
}

function plain({ explanation, policy, remedies }: Told): object {
  const { kind = 'PropagationPolicy', metadata } = policy ?? { metadata: null };
  const named = metadata === null ? null : { kind, namespace: metadata.namespace ?? null, name: metadata.name };
  return { ...explanation, policy: named, remedies };
}
