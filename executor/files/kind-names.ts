// The words by which people name kinds: "deployment", "Deployments", "deploy", "deployment.apps"; and which kinds have
// no namespace.
import { type KubeObject, parseApiVersion } from '../../engine/index.ts';
import { builtinKinds } from '../apiserver/resources/kinds.ts';

interface KnownKind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Plural, singular and short names, in lower case. */
  readonly words: readonly string[];
}

const KARMADA_KINDS: readonly KnownKind[] = [
  known('cluster.karmada.io', 'Cluster', 'clusters', false),
  known('policy.karmada.io', 'PropagationPolicy', 'propagationpolicies', true, 'pp'),
  known('policy.karmada.io', 'ClusterPropagationPolicy', 'clusterpropagationpolicies', false, 'cpp'),
  known('policy.karmada.io', 'OverridePolicy', 'overridepolicies', true, 'op'),
  known('policy.karmada.io', 'ClusterOverridePolicy', 'clusteroverridepolicies', false, 'cop'),
  known('work.karmada.io', 'ResourceBinding', 'resourcebindings', true, 'rb'),
  known('work.karmada.io', 'ClusterResourceBinding', 'clusterresourcebindings', false, 'crb'),
  known('work.karmada.io', 'Work', 'works', true),
];

/** Those of other projects that Karmada interprets and that have no namespace; all its others have one. */
const CLUSTER_WIDE_KINDS: readonly KnownKind[] = [
  known('apps.kruise.io', 'SidecarSet', 'sidecarsets', false),
  known('kyverno.io', 'ClusterPolicy', 'clusterpolicies', false, 'cpol'),
];

function known(
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
  ...short: readonly string[]
): KnownKind {
  return { group, kind, namespaced, words: [kind.toLowerCase(), plural, ...short] };
}

const KINDS: readonly KnownKind[] = [...KARMADA_KINDS, ...CLUSTER_WIDE_KINDS, ...readBuiltins()];

/** The lines of the table are "plural singular Kind scope options", below a heading for each group version. */
function readBuiltins(): KnownKind[] {
  const kinds: KnownKind[] = [];
  let group = '';
  for (const line of builtinKinds.trim().split('\n')) {
    if (!line.startsWith(' ')) {
      group = parseApiVersion(line.slice(0, -1)).group;
      continue;
    }
    const [plural, singular, kind, scope, ...options] = line.trim().split(' ');
    const short =
      options
        .find((option) => option.startsWith('short='))
        ?.slice('short='.length)
        .split(',') ?? [];
    kinds.push({ group, kind: kind!, namespaced: scope === 'namespaced', words: [plural!, singular!, ...short] });
  }
  return kinds;
}

function kindOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): KnownKind | undefined {
  const { group } = parseApiVersion(apiVersion);
  return KINDS.find((entry) => entry.group === group && entry.kind === kind);
}

/** What nobody knows is taken for namespaced, as most kinds are. */
export const isNamespaced = (object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean =>
  kindOf(object)?.namespaced ?? true;

/** Whether a person who says `word` can mean the object's kind; a group may follow the word after a dot. */
export function isCalled(object: Pick<KubeObject, 'apiVersion' | 'kind'>, word: string): boolean {
  const [name, ...rest] = word.toLowerCase().split('.');
  const { group } = parseApiVersion(object.apiVersion);
  if (rest.length > 0 && !group.startsWith(rest.join('.'))) return false;
  const kind = object.kind.toLowerCase();
  return name === kind || name === `${kind}s` || (kindOf(object)?.words.includes(name!) ?? false);
}
