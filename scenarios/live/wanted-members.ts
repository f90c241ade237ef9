// On which clusters a scenario is to be played live, from the words of the command line.
import { MEMBER_SORTS, type MemberSort } from './live-members.ts';

export interface WantedMembers {
  readonly sort: MemberSort;
  /** Of kubeconfig: the context of each cluster. */
  readonly contexts: ReadonlyMap<string, string>;
}

export type WantedReading =
  | { readonly ok: true; readonly wanted: WantedMembers }
  | { readonly ok: false; readonly problem: string };

export const LIVE_MEMBER_FORMS =
  'embedded, kind, or kubeconfig:CONTEXT,... with a context for each cluster, or CLUSTER=CONTEXT';

export const sortIn = (text: string): string => text.split(':', 1)[0]!.trim();

/** `names` are those of the scenario's clusters, in its order, with those that join later. */
export function readWantedMembers(text: string, names: readonly string[]): WantedReading {
  const sort = MEMBER_SORTS.find((one) => one === sortIn(text));
  const rest = text.includes(':') ? text.slice(text.indexOf(':') + 1).trim() : '';
  if (sort === undefined) return refused(`no members are called "${text}": they are ${LIVE_MEMBER_FORMS}`);
  if (sort !== 'kubeconfig') {
    if (rest === '') return { ok: true, wanted: { sort, contexts: new Map() } };
    return refused(`the scenario says how many clusters there are: --members ${sort}, without ":${rest}"`);
  }
  const words = rest.split(',').flatMap((word) => word.trim() || []);
  const pairs = words.map((word): readonly [string, string] | null => {
    const name = names.find((one) => word.startsWith(`${one}=`));
    return name === undefined ? null : [name, word.slice(name.length + 1)];
  });
  const named = pairs.filter((pair) => pair !== null);
  if (named.length > 0 && named.length < pairs.length) {
    return refused(`name the cluster of every context or of none: ${words[pairs.indexOf(null)]} has none`);
  }
  const contexts = named.length > 0 ? named : words.map((word, at) => [names[at] ?? '', word] as const);
  return assigned(contexts, names);
}

function assigned(pairs: readonly (readonly [string, string])[], names: readonly string[]): WantedReading {
  const contexts = new Map(pairs);
  const missing = names.filter((name) => (contexts.get(name) ?? '') === '');
  const all = `the scenario has the clusters ${names.join(', ')}`;
  if (missing.length > 0) return refused(`no context stands for ${missing.join(', ')}: ${all}`);
  if (pairs.length > names.length) return refused(`${pairs.length} contexts are too many: ${all}`);
  const twice = pairs.find(([, context], at) => pairs.findIndex((other) => other[1] === context) !== at);
  if (twice !== undefined) return refused(`the context ${twice[1]} cannot stand for two clusters`);
  return { ok: true, wanted: { sort: 'kubeconfig', contexts } };
}

const refused = (problem: string): WantedReading => ({ ok: false, problem });
