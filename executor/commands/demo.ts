// "muster demo": a first look on a small fleet: decides what scenarios/first-look asks for, under both profiles.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  builtInLayers,
  type Explanation,
  explain,
  Interpreter,
  KARMADA_PROFILE,
  MUSTER_PROFILE,
  objectKey,
  pluginsFor,
  relax,
} from '../../engine/index.ts';
import { loadDesiredState } from '../files/desired-state.ts';
import { loadFleet } from '../files/fleet-file.ts';
import { writeText } from '../files/write.ts';
import { type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { renderTable } from '../terminal/table.ts';
import { targetsText } from '../terminal/targets-text.ts';
import { findSubject } from './explain/subject.ts';

const FOLDER = 'scenarios/first-look';
const WORKLOADS = ['deployment/web', 'deployment/trainer'];

export const command: Command = {
  declare: (yargs) => yargs,
  run: async (): Promise<ExitCode> => {
    await writeText(process.stdout, await firstLook());
    return 0;
  },
};

export async function firstLook(): Promise<string> {
  const root = packageRoot();
  const clusters = await loadFleet(`${root}${FOLDER}/fleet.yaml`);
  const state = await loadDesiredState([`${root}${FOLDER}/shop.yaml`]);
  const interpreter = new Interpreter(builtInLayers);
  const rows: string[][] = [];
  for (const workload of WORKLOADS) {
    for (const profile of [KARMADA_PROFILE, MUSTER_PROFILE]) {
      const { object, binding } = findSubject(state, workload, undefined, { interpreter, gates: profile.gates });
      const plugins = pluginsFor(profile);
      const fleet = { clusters };
      const told = explain(binding, fleet, profile, plugins);
      const remedy = told.outcome.ok
        ? ''
        : (relax({ binding, fleet, profile, plugins })[0]
            ?.changes.map(({ what }) => what)
            .join(', ') ?? '');
      rows.push([
        objectKey(object.metadata.namespace, object.metadata.name),
        profile.name,
        placement(told.outcome),
        remedy,
      ]);
    }
  }
  const columns = [{ title: 'WORKLOAD' }, { title: 'PROFILE' }, { title: 'GOES TO' }, { title: 'WHAT WOULD HELP' }];
  return `${clusters.length} clusters, ${WORKLOADS.length} workloads (${FOLDER})

${renderTable(columns, rows)}
Why, cluster by cluster:
  npx muster explain -f ${FOLDER}/shop.yaml --fleet ${FOLDER}/fleet.yaml deployment/web
`;
}

function placement(outcome: Explanation['outcome']): string {
  if (!outcome.ok) return `nowhere (${outcome.code})`;
  return targetsText(outcome.clusters);
}

/** The same from the source and from the build, which lies one folder deeper. */
function packageRoot(): string {
  for (const up of ['../../', '../../../']) {
    const root = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(`${root}${FOLDER}`)) return root;
  }
  throw new CommandError(`${FOLDER} is missing: run this from a whole checkout`);
}
