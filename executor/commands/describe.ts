// muster describe: everything about an object in many clusters, with what happened to it, through the hub.
import { isObject, type KubeObject } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import { pathFor } from '../live/directory.ts';
import type { HttpApi } from '../live/http-api.ts';
import type { Command } from '../terminal/command.ts';
import { describeText } from './across/describe-text.ts';
import { ask, chosenClusters, relevant, tellFailures, withClustersOption } from './across/fleet-access.ts';
import { withHub, withHubOptions } from './hub-access.ts';

export const command: Command = {
  declare: (yargs) =>
    withClustersOption(withHubOptions(yargs))
      .positional('kind', { describe: 'deployment, pod, node, ...', type: 'string', demandOption: true })
      .positional('name', { describe: 'only the one of this name', type: 'string' })
      .option('namespace', { alias: 'n', describe: 'of the objects', type: 'string', default: 'default' })
      .option('selector', { alias: 'l', describe: 'labels that they must have', type: 'string' })
      .example('$0 describe deploy web -C member1', ''),
  run: async (args) =>
    withHub(args, async (hub, objects) => {
      const served = await objects.called(String(args.kind));
      const clusters = await chosenClusters(objects, args);
      const namespace = served.namespaced ? String(args.namespace) : '';
      const name = typeof args.name === 'string' ? args.name : '';
      const query = typeof args.selector === 'string' ? `?labelSelector=${encodeURIComponent(args.selector)}` : '';
      const path = pathFor(served.apiVersion, served, namespace, name) + query;
      const answers = await Promise.all(clusters.map((cluster) => ask(hub, cluster, path)));
      const told: string[] = [];
      for (const answer of answers) {
        if (!answer.ok) continue;
        const found = Array.isArray(answer.body.items) ? answer.body.items.filter(isObject) : [answer.body];
        for (const one of found) {
          const { apiVersion, kind } = served;
          const object = { ...one, apiVersion, kind } as unknown as KubeObject;
          told.push(describeText(answer.cluster, object, await eventsOf(hub, answer.cluster, object)));
        }
      }
      await writeText(process.stdout, told.join('\n\n'));
      const hasFailed = tellFailures(relevant(answers, args));
      if (told.length === 0 && !hasFailed) process.stderr.write('nothing found\n');
      return hasFailed ? 1 : 0;
    }),
};

async function eventsOf(hub: HttpApi, cluster: string, { kind, metadata }: KubeObject): Promise<readonly KubeObject[]> {
  const { name, uid = '', namespace = 'default' } = metadata;
  const about = [`involvedObject.kind=${kind}`, `involvedObject.name=${name}`, `involvedObject.uid=${uid}`];
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent(about.join(','))}`;
  const answer = await ask(hub, cluster, path);
  return answer.ok && Array.isArray(answer.body.items) ? (answer.body.items as KubeObject[]) : [];
}
