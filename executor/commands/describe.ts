// muster describe: everything about an object in many clusters, with what happened to it, through the hub.
import type { KubeObject } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import type { HttpApi } from '../live/http-api.ts';
import type { Arguments, Command } from '../terminal/command.ts';
import { describeText } from './across/describe-text.ts';
import { type Answer, ask, chosenClusters, tellFailures, withClustersOption } from './across/fleet-access.ts';
import { type KindAskedFor, kindsAskedFor } from './across/kinds-asked-for.ts';
import { askAll, objectsIn, refuseContradictions, withSelectionOptions, wordsIn } from './across/questions.ts';
import { readWords } from './across/words.ts';
import { withHub, withHubOptions } from './hub-access.ts';

export const command: Command = {
  declare: (yargs) =>
    withSelectionOptions(withClustersOption(withHubOptions(yargs)))
      .positional('kind', { describe: 'deploy, pods, deploy/web, ...', type: 'string', demandOption: true })
      .positional('names', {
        describe: 'only those of these names, or with this beginning',
        type: 'string',
        array: true,
      })
      .example('$0 describe deploy web -C member1', '')
      .example('$0 describe deploy/web svc/web', ''),
  run: async (args) => {
    const asked = readWords(wordsIn(args));
    return withHub(args, async (hub, objects) => {
      const clusters = await chosenClusters(objects, args);
      const kinds = await kindsAskedFor(hub, objects, clusters, asked);
      refuseContradictions(kinds, args);
      const told: string[] = [];
      const failures: Answer[] = [];
      for (const kind of kinds) {
        const answers = await askAll(hub, clusters, kind, args);
        const near = answers.every(isMissing) ? await beginningAlike(hub, clusters, kind, args) : [];
        for (const { cluster, object } of [...foundIn(answers, kind), ...near]) {
          told.push(describeText(cluster, object, await eventsOf(hub, cluster, object)));
        }
        if (near.length === 0) failures.push(...answers);
      }
      await writeText(process.stdout, told.join('\n\n'));
      const hasFailed = tellFailures(failures);
      if (told.length === 0 && !hasFailed) process.stderr.write('nothing found\n');
      return hasFailed ? 1 : 0;
    });
  },
};

const isMissing = (answer: Answer): boolean => !answer.ok && answer.isMissing;

const foundIn = (answers: readonly Answer[], { served }: KindAskedFor) =>
  answers.flatMap((answer) => objectsIn(answer, served).map((object) => ({ cluster: answer.cluster, object })));

/** A name that no cluster has may be the beginning of others. */
async function beginningAlike(hub: HttpApi, clusters: readonly string[], kind: KindAskedFor, args: Arguments) {
  const [beginning, ...others] = kind.names;
  if (beginning === undefined || others.length > 0) return [];
  const all = foundIn(await askAll(hub, clusters, { ...kind, names: [] }, args), kind);
  return all.filter(({ object }) => object.metadata.name.startsWith(beginning));
}

async function eventsOf(hub: HttpApi, cluster: string, { kind, metadata }: KubeObject): Promise<readonly KubeObject[]> {
  const { name, uid = '', namespace = 'default' } = metadata;
  const about = [`involvedObject.kind=${kind}`, `involvedObject.name=${name}`, `involvedObject.uid=${uid}`];
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent(about.join(','))}`;
  const answer = await ask(hub, cluster, path);
  return answer.ok && Array.isArray(answer.body.items) ? (answer.body.items as KubeObject[]) : [];
}
