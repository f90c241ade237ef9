// The pods that are meant by a word, "web-0" or "deploy/web", or by labels, in every cluster that has such.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { items, read, selectorText } from '../../apiserver/resources/cells.ts';
import type { ApiObjects } from '../../live/api-objects.ts';
import type { HttpApi } from '../../live/http-api.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { type Answer, ask, podsPath, tellFailures } from './fleet-access.ts';
import { kindsAskedFor } from './kinds-asked-for.ts';
import { askAll, objectsIn } from './questions.ts';
import { readWords } from './words.ts';

export interface FoundPods {
  readonly cluster: string;
  /** The one that is best looked into first. */
  readonly pods: readonly KubeObject[];
}

export interface PodsAskedFor {
  /** Clusters that have any. */
  readonly found: readonly FoundPods[];
  readonly failures: readonly Answer[];
}

const NOT_FOUND = 404;
const PODS = '/pods';

/** Throws where no cluster has any. */
export async function podsCalled(
  hub: HttpApi,
  objects: ApiObjects,
  clusters: readonly string[],
  word: string,
  args: Arguments,
): Promise<PodsAskedFor> {
  const asked = readWords([word.includes('/') ? word : `pods/${word}`]);
  const [kind, ...others] = await kindsAskedFor(hub, objects, clusters, asked);
  if (kind === undefined || others.length > 0) throw new CommandError(`"${word}" is of several kinds: name one`);
  const { namespace, clusters: chosen } = args;
  const answers = await askAll(hub, clusters, kind, { namespace, clusters: chosen });
  const owners = answers.flatMap((answer) =>
    objectsIn(answer, kind.served).map((object) => ({ cluster: answer.cluster, object })),
  );
  const failures = answers.filter(({ ok }) => !ok);
  if (owners.length === 0) throw nothingThere(failures, clusters, word);
  if (kind.served.collection === PODS) {
    return { found: owners.map(({ cluster, object }) => ({ cluster, pods: [object] })), failures };
  }
  const listed = await Promise.all(
    owners.map(({ cluster, object }) => ask(hub, cluster, podsPath(String(namespace), selectorOf(object, word)))),
  );
  const found = podsIn(listed);
  if (found.length === 0 && listed.every(({ ok }) => ok)) {
    throw new CommandError(`${word} has no pods: ${owners.map(({ cluster }) => cluster).join(', ')} were asked`);
  }
  return { found, failures: [...failures, ...listed.filter(({ ok }) => !ok)] };
}

export async function podsSelected(
  hub: HttpApi,
  clusters: readonly string[],
  selector: string,
  { namespace }: Arguments,
): Promise<PodsAskedFor> {
  const path = podsPath(String(namespace), selector);
  const answers = await Promise.all(clusters.map((cluster) => ask(hub, cluster, path)));
  return { found: podsIn(answers), failures: answers.filter(({ ok }) => !ok) };
}

function podsIn(answers: readonly Answer[]): readonly FoundPods[] {
  const found = answers.map((answer) => ({
    cluster: answer.cluster,
    pods: answer.ok ? (items(answer.body.items) as unknown as KubeObject[]).sort(bestFirst) : [],
  }));
  return found.filter(({ pods }) => pods.length > 0);
}

function nothingThere(failures: readonly Answer[], clusters: readonly string[], word: string): CommandError {
  tellFailures(failures.filter((one) => !one.ok && one.status !== NOT_FOUND));
  const what = word.includes('/') ? word : `a pod ${word}`;
  const asked = clusters.length === 0 ? 'there are none' : `${clusters.join(', ')} were asked`;
  return new CommandError(`no cluster that answers has ${what}: ${asked}`);
}

function selectorOf(object: KubeObject, word: string): string {
  const selector = read(object, 'spec.selector');
  if (isObject(selector) && Object.keys(selector).length > 0) return selectorText(selector);
  throw new CommandError(`${word} selects no pods: name a pod, or what has some, as deploy/web`);
}

/** Running before waiting, ready before not, then by name. */
const bestFirst = (a: KubeObject, b: KubeObject): number =>
  badness(a) - badness(b) || (a.metadata.name < b.metadata.name ? -1 : 1);

function badness(pod: KubeObject): number {
  const isPlaced = (read(pod, 'spec.nodeName') ?? '') !== '';
  const isRunning = read(pod, 'status.phase') === 'Running' && pod.metadata.deletionTimestamp === undefined;
  const isReady = items(read(pod, 'status.conditions')).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  return (isPlaced ? 0 : 4) + (isRunning ? 0 : 2) + (isReady ? 0 : 1);
}
