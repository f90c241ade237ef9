// A Kubernetes Job that runs the shards of a sweep, one in each pod; the scenario and the files beside it come in a ConfigMap.
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, normalize, relative } from 'node:path';
import { manifestFiles } from '../../executor/files/manifests.ts';
import { printYamlDocuments } from '../../executor/files/yaml.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { loadScenario } from '../load.ts';

export interface JobOptions {
  readonly file: string;
  readonly shards: number;
  readonly image: string;
  /** Threads of each pod. */
  readonly workers: number;
  /** Further words of the command line. */
  readonly words: readonly string[];
}

/** A ConfigMap holds no more. */
const BYTES_MAX = 900_000;

/** The names of an indexed job's pods have its name, an index and five letters, in 63. */
const NAME_MAX = 45;

function nameOf(file: string): string {
  const words = basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `sweep-${words}`.replace(/--+/g, '-').slice(0, NAME_MAX).replace(/-$/, '');
}

/** In the pod it is found under the name that it has here, where that can be, so that what is told of it holds here too. */
function pathOf(file: string): string {
  const path = normalize(file);
  return isAbsolute(path) || path.startsWith('..') ? basename(path) : path;
}

export async function indexedJob({ file, shards, image, workers, words }: JobOptions): Promise<string> {
  const name = nameOf(file);
  const path = pathOf(file);
  const files = await filesOf(file);
  const data = Object.fromEntries(files.map(({ text }, at) => [`file-${at}`, text]));
  const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (size > BYTES_MAX)
    throw new CommandError(`the scenario and its files have ${size} bytes: too many for a ConfigMap`);
  const items = files.map((one, at) => ({ key: `file-${at}`, path: join(dirname(path), one.path) }));
  const args = ['sweep', path, '--json', `--workers=${workers}`, `--shard=$(JOB_COMPLETION_INDEX)/${shards}`, ...words];
  const container = {
    name: 'sweep',
    image,
    command: ['muster'],
    args,
    workingDir: '/scenario',
    env: [
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
      },
    ],
    resources: { requests: { cpu: String(workers), memory: `${workers}Gi` } },
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
    // What is applied has to fit into an annotation too, and a scenario with its files may not.
    `# kubectl create -f this, wait until the job is complete, or failed where something was not as expected, then gather the runs:\n` +
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
