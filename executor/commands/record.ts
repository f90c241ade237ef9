// muster record: what a live hub has, as files that plan, audit and replay read: its fleet, its policies, and what they are about.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubeObject, pruneManifest, withoutClaim } from '../../engine/index.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import { printYamlDocuments } from '../files/yaml.ts';
import { type Command, CommandError } from '../terminal/command.ts';
import { withHub, withHubOptions } from './hub-access.ts';
import { readLiveState } from './plan/live-state.ts';

const BINDINGS = new Set(['ResourceBinding', 'ClusterResourceBinding']);
const isQuota = ({ kind }: KubeObject): boolean => kind === 'FederatedResourceQuota';
const isPolicy = (object: KubeObject): boolean =>
  object.apiVersion.startsWith('policy.karmada.io/') && !isQuota(object);
const isRollout = ({ kind }: KubeObject): boolean => kind === 'StagedRollout';

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(yargs)
      .option('out', { describe: 'a folder that is new or empty', type: 'string', demandOption: true })
      .example(
        '$0 record --out today',
        'then: muster plan -f today/objects.yaml -f today/policies.yaml --fleet today/fleet.yaml',
      )
      .epilogue('Objects may be Secrets: the files are readable by you alone.'),
  run: async (args) => {
    const out = String(args.out);
    await refuseFull(out);
    return withHub(args, async (_, hub) => {
      const { manifests, clusters } = await readLiveState(hub);
      const all = manifests.map(({ object }) => object);
      const policies = all.filter(isPolicy).map(withoutHistory);
      // Played, everything begins with what is newest now: what was stable before it is not needed.
      const rollouts = all.filter(isRollout).map(asWritten);
      const quotas = all.filter(isQuota).map(asWritten);
      const isApart = (one: KubeObject) => isPolicy(one) || isRollout(one) || isQuota(one) || BINDINGS.has(one.kind);
      const objects = all.filter((one) => !isApart(one)).map(asWritten);
      const files: Readonly<Record<string, readonly unknown[]>> = {
        'fleet.yaml': (clusters as unknown as readonly KubeObject[]).map(withoutHistory),
        'policies.yaml': [...policies, ...quotas, ...rollouts],
        'objects.yaml': objects,
        'scenario.yaml': [scenarioOf(clusters.length, objects.length + policies.length)],
      };
      await mkdir(out, { recursive: true, mode: 0o700 });
      for (const [name, documents] of Object.entries(files)) {
        await writeAtomically(join(out, name), printYamlDocuments(documents), { mode: 0o600 });
      }
      process.stdout.write(
        `${clusters.length} clusters, ${policies.length} policies${rollouts.length === 0 ? '' : `, ${rollouts.length} staged rollouts`} and ${objects.length} objects are in ${out}\n`,
      );
      process.stderr.write(`record: muster replay ${join(out, 'scenario.yaml')}\n`);
      return 0;
    });
  },
};

/** Nothing that is there is written over, and nothing old is read together with what is new. */
async function refuseFull(folder: string): Promise<void> {
  const found = await readdir(folder).catch(() => []);
  if (found.length > 0) throw new CommandError(`${folder} is not empty: name a new folder with --out`);
}

/** As its author would write it today: without what the hub has noted on it. */
const asWritten = (object: KubeObject): KubeObject => {
  const { status: _status, ...pruned } = pruneManifest({ ...object, metadata: withoutClaim(object.metadata) });
  return pruned as KubeObject;
};

function withoutHistory(object: KubeObject): KubeObject {
  const { managedFields, resourceVersion, uid, generation, creationTimestamp, finalizers, ...metadata } =
    object.metadata;
  const { apiVersion, kind, metadata: _metadata, ...content } = object;
  return { apiVersion, kind, metadata, ...content } as KubeObject;
}

/** Played as it is it shows a day on which nothing happens: the timeline is for whoever wonders. */
const scenarioOf = (clusters: number, objects: number) => ({
  apiVersion: 'muster/v1alpha1',
  kind: 'Scenario',
  metadata: { name: 'recorded' },
  spec: {
    title: `a recorded fleet of ${clusters} clusters with ${objects} objects`,
    duration: '30m',
    fleet: { files: 'fleet.yaml' },
    objects: ['policies.yaml', 'objects.yaml'],
    timeline: [{ at: '10m', id: 'outage', fail: { random: 'cluster' }, for: '10m' }],
  },
});
