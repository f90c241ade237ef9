// "muster explain": why each cluster was or was not chosen for a workload, and what would change it.
import type { Argv } from 'yargs';
import { explain, extendPlugins, interpreterWith, pluginsFor, relax } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import { printYaml } from '../files/yaml.ts';
import { type ColourMode, palette, wantsColour } from '../terminal/colour.ts';
import type { Arguments, Command, ExitCode } from '../terminal/command.ts';
import { findSubject, peersOf } from './explain/subject.ts';
import { explanationText, type Told } from './explain/text.ts';
import { loadPolicyScore, loadScores } from './load-profile.ts';
import { declareFleet, declareManifests, loadGiven } from './manifests-and-fleet.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml'] as const;

export const command: Command = {
  declare: (yargs: Argv) =>
    declareFleet(
      declareManifests(
        yargs.positional('workload', {
          type: 'string',
          demandOption: true,
          describe: 'KIND/NAME, such as deployment/web',
        }),
      ),
    )
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
  const { state, clusters, profile } = await loadGiven(args);
  const interpreter = interpreterWith(state.customizations.map(({ object }) => object));
  const { policy, binding } = findSubject(state, args.workload as string, args.namespace as string | undefined, {
    interpreter,
    gates: profile.gates,
  });
  const scores = [...(await loadScores(profile)), ...(await loadPolicyScore(policy?.metadata.annotations))];
  const plugins = extendPlugins(pluginsFor(profile), { scores });
  const fleet = { clusters, peers: peersOf(state, binding) };
  const explanation = explain(binding, fleet, profile, plugins);
  return { explanation, policy, remedies: relax({ binding, fleet, profile, plugins }) };
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
