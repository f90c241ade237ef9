// Whose decision is to be explained: the object, the policy that wins it, and the binding that follows.
import {
  type BindingInput,
  bindTemplates,
  type Interpreter,
  type KubeObject,
  objectKey,
  type Peer,
  type Profile,
  type PropagationPolicy,
  peerOf,
} from '../../../engine/index.ts';
import type { DesiredState, Located } from '../../files/desired-state.ts';
import { isCalled } from '../../files/kind-names.ts';
import { CommandError } from '../../terminal/command.ts';

export interface Subject {
  readonly object: KubeObject;
  /** Null where only a recorded binding says where the object goes. */
  readonly policy: PropagationPolicy | null;
  readonly binding: BindingInput;
}

export interface SubjectPorts {
  readonly interpreter: Interpreter;
  readonly gates: Profile['gates'];
}

/** `wanted` is "kind/name", as people write it. */
export function findSubject(
  state: DesiredState,
  wanted: string,
  namespace: string | undefined,
  ports: SubjectPorts,
): Subject {
  const object = findObject(state.templates, wanted, namespace);
  const priorityClasses = objectsOf(state.templates).filter(({ kind }) => kind === 'PriorityClass');
  const wishes = {
    templates: [object, ...priorityClasses],
    policies: objectsOf(state.policies),
    clusterPolicies: objectsOf(state.clusterPolicies),
    bindings: objectsOf(state.bindings),
  };
  const { policy, binding } = bindTemplates(wishes, ports)[0]!;
  if (binding === null) throw new CommandError(noPolicyFor(object, state));
  return { object, policy, binding };
}

const objectsOf = <T>(located: readonly Located<T>[]): T[] => located.map(({ object }) => object);

const titleOf = ({ kind, metadata }: KubeObject): string => `${kind} ${objectKey(metadata.namespace, metadata.name)}`;

const LISTED_MAX = 10;

function findObject(
  templates: readonly Located<KubeObject>[],
  wanted: string,
  namespace: string | undefined,
): KubeObject {
  const slash = wanted.indexOf('/');
  const [kind, name] = [wanted.slice(0, slash), wanted.slice(slash + 1)];
  if (slash < 1 || name === '') {
    throw new CommandError(`"${wanted}" does not name an object: write its kind and name, such as deployment/web`);
  }
  const named = objectsOf(templates).filter((object) => object.metadata.name === name && isCalled(object, kind));
  const inReach = named.filter(
    ({ metadata }) => namespace === undefined || !metadata.namespace || metadata.namespace === namespace,
  );
  const [found, ...others] = inReach;
  if (found === undefined) throw new CommandError(nothingCalled(wanted, namespace, named, objectsOf(templates)));
  if (others.length > 0) {
    const where = inReach.map(({ metadata }) => metadata.namespace).join(', ');
    throw new CommandError(`${wanted} is in several namespaces (${where}): say which with -n`);
  }
  return found;
}

function nothingCalled(
  wanted: string,
  namespace: string | undefined,
  elsewhere: readonly KubeObject[],
  all: readonly KubeObject[],
): string {
  const inside = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const there = elsewhere.map(({ metadata }) => metadata.namespace).join(', ');
  if (there !== '') return `the manifests have no ${wanted}${inside}; there is one in ${there}`;
  const titles = all.slice(0, LISTED_MAX).map(titleOf);
  const more = all.length > LISTED_MAX ? ` and ${all.length - LISTED_MAX} more` : '';
  return `the manifests have no ${wanted}${inside}; they have ${titles.join(', ') || 'no objects to propagate'}${more}`;
}

function noPolicyFor(object: KubeObject, { policies, clusterPolicies }: DesiredState): string {
  const count = policies.length + clusterPolicies.length;
  const others = [...policies, ...clusterPolicies].slice(0, LISTED_MAX).map(({ object: policy, origin }) => {
    const selectors = policy.spec.resourceSelectors.map((selector) => {
      const name = selector.name ? ` "${selector.name}"` : '';
      return `${selector.apiVersion} ${selector.kind}${name}`;
    });
    const place = origin.place();
    const title = objectKey(policy.metadata.namespace, policy.metadata.name);
    return `\n  ${title} (${place.file}:${place.line}) selects ${selectors.join(', ')}`;
  });
  const told = count === 0 ? 'the manifests have no policy at all' : `none of these does:${others.join('')}`;
  return `no policy selects ${titleOf(object)}; ${told}`;
}

/** Where the other workloads are, for those that keep together or apart. */
export const peersOf = (state: DesiredState, { spec }: BindingInput): readonly Peer[] =>
  objectsOf(state.bindings)
    .filter((other) => bindingKey(other.spec) !== bindingKey(spec))
    .flatMap(
      (other) =>
        peerOf(
          other.spec,
          (other.spec.clusters ?? []).map(({ name }) => name),
        ) ?? [],
    );

const bindingKey = ({ resource: { apiVersion, kind, namespace = '', name } }: BindingInput['spec']): string =>
  JSON.stringify([apiVersion, kind, namespace, name]);
