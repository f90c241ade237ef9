// muster rollout: how far staged rollouts are, and what people have to say about them: approve, abort, retry.
import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeObject, ROLLOUT_WORDS, type StagedRollout } from '../../engine/index.ts';
import type { ApiObjects, Reference } from '../live/api-objects.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { withHub, withHubOptions, withNamespaceOption } from './hub-access.ts';

const KIND = { apiVersion: 'muster.dev/v1alpha1', kind: 'StagedRollout' };
const ACTS = ['status', 'approve', 'abort', 'retry'] as const;
type Act = (typeof ACTS)[number];

export const command: Command = {
  declare: (yargs) =>
    withNamespaceOption(withHubOptions(withOutputOption(yargs)), 'of the rollout')
      .positional('act', { describe: 'what is wanted', choices: ACTS, demandOption: true })
      .positional('name', { describe: 'of the StagedRollout; status tells of all without it', type: 'string' })
      .option('all-namespaces', { alias: 'A', describe: 'status of all namespaces', type: 'boolean', default: false })
      .option('wait', {
        describe:
          'status of one: seconds to wait until it is through; ends with 99 where it was stopped or rolled back',
        type: 'number',
        default: 0,
      })
      .example('$0 rollout status -A', '')
      .example('$0 rollout status web --wait 1800', 'in a pipeline, after the change')
      .example('$0 rollout approve web', 'the wave that waits for it')
      .example('$0 rollout abort web', 'every cluster goes back to what was stable')
      .example('$0 rollout retry web', 'a wave that was stopped gets its time again')
      .epilogue('A StagedRollout says in which waves changes of some objects go to their clusters.'),
  run: (args) => withHub(args, (_, hub) => rollout(hub, args)),
};

async function rollout(hub: ApiObjects, args: Arguments): Promise<ExitCode> {
  const [act, namespace] = [args.act as Act, String(args.namespace)];
  if (act === 'status') return status(hub, args, namespace);
  if (typeof args.name !== 'string') throw new CommandError(`which rollout? muster rollout ${act} NAME`);
  const reference: Reference = { ...KIND, namespace, name: args.name };
  const found = await rolloutAt(hub, reference);
  const { annotations, done } = wordsFor(act, found);
  await hub.merge(reference, { metadata: { annotations } });
  process.stdout.write(`stagedrollout/${args.name} ${done}\n`);
  return 0;
}

async function rolloutAt(hub: ApiObjects, reference: Reference): Promise<StagedRollout> {
  const found = await hub.get(reference);
  if (found === null) {
    throw new CommandError(`there is no StagedRollout ${reference.name} in namespace ${reference.namespace}`);
  }
  return found as unknown as StagedRollout;
}

interface Words {
  /** Null takes one back. */
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly done: string;
}

function wordsFor(act: Exclude<Act, 'status'>, { metadata, status = {} }: StagedRollout): Words {
  const { phase = 'Waiting', updateRevision, wave = 0, message = 'nothing is rolled out' } = status;
  if (updateRevision === undefined)
    throw new CommandError(`${metadata.name}: there is no change to ${act}: ${message}`);
  const hasEnded = phase === 'Stopped' || phase === 'RolledBack';
  switch (act) {
    case 'approve':
      if (phase !== 'Waiting') throw new CommandError(`${metadata.name} waits for nobody: ${message}`);
      return {
        annotations: { [ROLLOUT_WORDS.approved]: `${updateRevision}/${wave + 1}` },
        done: `approved: wave ${wave + 1} of ${status.waves ?? wave + 1} may begin`,
      };
    case 'abort':
      if (phase === 'RolledBack') throw new CommandError(`${metadata.name} has gone back already: ${message}`);
      return {
        annotations: { [ROLLOUT_WORDS.aborted]: updateRevision, [ROLLOUT_WORDS.retried]: null },
        done: 'aborted: every cluster goes back to what was stable',
      };
    case 'retry':
      if (!hasEnded) throw new CommandError(`${metadata.name} has not ended: ${message}`);
      return {
        annotations: { [ROLLOUT_WORDS.retried]: new Date().toISOString(), [ROLLOUT_WORDS.aborted]: null },
        done: 'goes on',
      };
  }
}

async function status(hub: ApiObjects, args: Arguments, namespace: string): Promise<ExitCode> {
  const seconds = Number(args.wait ?? 0);
  if (seconds > 0) {
    if (typeof args.name !== 'string')
      throw new CommandError('which rollout is waited for? muster rollout status NAME --wait 600');
    return through(hub, { ...KIND, namespace, name: args.name }, seconds);
  }
  const found =
    typeof args.name === 'string'
      ? [(await rolloutAt(hub, { ...KIND, namespace, name: args.name })) as unknown as KubeObject]
      : await hub.list(KIND, args['all-namespaces'] === true ? {} : { namespace });
  await printListing(listingOf(found), args);
  return 0;
}

/** What was changed a moment ago is seen a moment later. */
async function through(hub: ApiObjects, reference: Reference, seconds: number): Promise<ExitCode> {
  const deadline = performance.now() + seconds * 1000;
  let before = '';
  for (;;) {
    await sleep(LOOK_MS);
    const { phase = 'Waiting', message = 'It has not been looked at yet.' } =
      (await rolloutAt(hub, reference)).status ?? {};
    if (message !== before) process.stderr.write(`${reference.name}: ${phase}: ${message}\n`);
    before = message;
    if (phase === 'Stable') return 0;
    if (phase === 'Stopped' || phase === 'RolledBack') return 99;
    if (performance.now() > deadline)
      throw new CommandError(`${reference.name} is not through after ${seconds} s: ${message}`);
  }
}

const LOOK_MS = 1_000;

interface Row {
  readonly object: KubeObject;
  readonly rollout: StagedRollout;
}

function listingOf(objects: readonly KubeObject[]): Listing<Row> {
  const rows = objects.map((object) => ({ object, rollout: object as unknown as StagedRollout }));
  const of = (read: (status: NonNullable<StagedRollout['status']>) => string | undefined) => (row: Row) =>
    read(row.rollout.status ?? {}) ?? '';
  return {
    columns: [
      { title: 'ROLLOUT', value: ({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}` },
      { title: 'PHASE', value: of(({ phase }) => phase) },
      { title: 'WAVE', value: of(waveText) },
      { title: 'CLUSTERS', value: of(({ progress }) => progress) },
      { title: 'MESSAGE', value: of(({ message }) => message) },
      { title: 'STABLE', wide: true, value: of(({ stableRevision }) => stableRevision) },
      { title: 'UPDATE', wide: true, value: of(({ updateRevision }) => updateRevision) },
      { title: 'UPDATED', wide: true, value: of(({ updatedClusters = [] }) => updatedClusters.join(', ')) },
    ],
    rows,
    name: ({ object: { metadata } }) => `stagedrollout.muster.dev/${metadata.name}`,
    document: () => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items: rows.map(({ object }) => object) }),
    empty: 'no StagedRollout',
  };
}

function waveText({ wave = 0, waves, waveName }: NonNullable<StagedRollout['status']>): string {
  if (waves === undefined) return '';
  return `${wave}/${waves}${waveName === undefined ? '' : ` (${waveName})`}`;
}
