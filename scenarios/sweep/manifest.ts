// A Kubernetes Job that runs the shards of a sweep, one in each pod; the scenario and the files beside it come in a ConfigMap.
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, relative } from 'node:path';
import { manifestFiles } from '../../executor/files/manifests.ts';
import { printYamlDocuments } from '../../executor/files/yaml.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { loadScenario } from '../load.ts';

export interface JobOptions {
  readonly file: string;
  readonly shards: number;
  readonly image: string;
  /** Further words of the command line. */
  readonly words: readonly string[];
}

/** A ConfigMap holds no more. */
const BYTES_MAX = 900_000;

export async function indexedJob({ file, shards, image, words }: JobOptions): Promise<string> {
  const name = `sweep-${basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}`;
  const files = await filesOf(file);
  const data = Object.fromEntries(files.map(({ text }, at) => [`file-${at}`, text]));
  const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (size > BYTES_MAX)
    throw new CommandError(`the scenario and its files have ${size} bytes: too many for a ConfigMap`);
  const items = files.map(({ path }, at) => ({ key: `file-${at}`, path }));
  const args = [
    'sweep',
    `/scenario/${basename(file)}`,
    '--json',
    `--shard=$(JOB_COMPLETION_INDEX)/${shards}`,
    ...words,
  ];
  const container = {
    name: 'sweep',
    image,
    command: ['muster'],
    args,
    env: [
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
      },
    ],
    resources: { requests: { cpu: '1', memory: '1Gi' } },
    volumeMounts: [{ name: 'scenario', mountPath: '/scenario' }],
  };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      // 99 says that something was not as expected: that is a result, and no reason to try again.
      podFailurePolicy: {
        rules: [{ action: 'FailIndex', onExitCodes: { containerName: 'sweep', operator: 'In', values: [99] } }],
      },
      backoffLimitPerIndex: 1,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [container],
          volumes: [{ name: 'scenario', configMap: { name, items } }],
        },
      },
    },
  };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
  const note =
    `# kubectl apply -f this, wait for the job, then gather the runs:\n` +
    `#   kubectl logs -l job-name=${name} --tail=-1 | muster merge\n`;
  return note + printYamlDocuments([config, job]);
}

/** The scenario, and every file that it names; in the pod they lie as they lie here. */
async function filesOf(file: string): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const named: string[] = [];
  await loadScenario(file, { onNamed: (path) => named.push(path) });
  const paths = [file, ...new Set(await manifestFiles(named))];
  return Promise.all(
    paths.map(async (path) => {
      const below = relative(dirname(file), path);
      if (below.startsWith('..') || isAbsolute(below)) {
        throw new CommandError(`${path} does not lie beside or below ${file}: a pod would not find it`);
      }
      return { path: below, text: await readFile(path, 'utf8') };
    }),
  );
}
