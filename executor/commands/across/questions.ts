// Objects that many clusters are asked for: which kinds and names, where, and with which labels and fields.
import type { Argv } from 'yargs';
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { pathFor, type Served } from '../../live/directory.ts';
import type { HttpApi } from '../../live/http-api.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { withNamespaceOption } from '../hub-access.ts';
import { type Answer, ask, relevant } from './fleet-access.ts';
import type { KindAskedFor } from './kinds-asked-for.ts';

export const withSelectionOptions = (yargs: Argv): Argv =>
  withNamespaceOption(yargs, 'of the objects')
    .option('all-namespaces', { alias: 'A', describe: 'of all of them', type: 'boolean', default: false })
    .option('selector', { alias: 'l', describe: 'labels that they must have', type: 'string' })
    .option('field-selector', { describe: 'fields that they must have, as in status.phase=Running', type: 'string' });

export const wordsIn = ({ kind, names }: Arguments): readonly string[] => [
  String(kind),
  ...(Array.isArray(names) ? names.map(String) : []),
];

/** Whoever asks for one object knows where it is, and what it is called. */
export function refuseContradictions(kinds: readonly KindAskedFor[], args: Arguments): void {
  if (kinds.every(({ names }) => names.length === 0)) return;
  if (args['all-namespaces'] === true) {
    throw new CommandError('an object is not looked for by its name in all namespaces: leave out -A or the name');
  }
  for (const option of ['selector', 'field-selector']) {
    if (typeof args[option] === 'string') {
      throw new CommandError(`an object has either a name or a selector: leave out the name or --${option}`);
    }
  }
}

/** The path of a collection, or of one object in it. */
export function pathOf(served: Served, name: string, args: Arguments, more: Record<string, string> = {}): string {
  const namespace = args['all-namespaces'] === true ? '' : String(args.namespace);
  const query = new URLSearchParams(more);
  if (typeof args.selector === 'string') query.set('labelSelector', args.selector);
  if (typeof args['field-selector'] === 'string') query.set('fieldSelector', args['field-selector']);
  const path = pathFor(served.apiVersion, served, namespace, name);
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Of every cluster what it answers, name by name; what one of them lacks that others have is no answer. */
export async function askAll(
  hub: HttpApi,
  clusters: readonly string[],
  { served, names, isOfMany }: KindAskedFor,
  args: Arguments,
  { accept = 'application/json', query = {} }: { accept?: string; query?: Record<string, string> } = {},
): Promise<readonly Answer[]> {
  const wanted = names.length === 0 ? [''] : names;
  const byName = await Promise.all(
    wanted.map(async (name) => {
      const path = pathOf(served, name, args, query);
      const answers = await Promise.all(clusters.map((cluster) => ask(hub, cluster, path, accept)));
      return relevant(answers, args).filter((answer) => answer.ok || !isOfMany || answer.status !== NOT_FOUND);
    }),
  );
  return clusters.flatMap((cluster) => byName.flat().filter((answer) => answer.cluster === cluster));
}

const NOT_FOUND = 404;

/** Items of a list do not say what they are. */
export function objectsIn(answer: Answer, { apiVersion, kind }: Served): readonly KubeObject[] {
  if (!answer.ok) return [];
  const found = Array.isArray(answer.body.items) ? answer.body.items.filter(isObject) : [answer.body];
  return found.map((one) => ({ ...one, apiVersion, kind }) as unknown as KubeObject);
}
