// The plan for what a command was given.
import {
  extendPlugins,
  interpreterWith,
  makePlan,
  type Plan,
  type PlanInput,
  type PlanPorts,
  pluginsFor,
} from '../../../engine/index.ts';
import type { Located } from '../../files/desired-state.ts';
import { yamlCodec } from '../../script/yaml-codec.ts';
import { loadScores } from '../load-profile.ts';
import type { Given } from '../manifests-and-fleet.ts';

export const planOf = async (given: Given): Promise<Plan> => makePlan(planInputOf(given), await planPortsOf(given));

export const planInputOf = ({ state, clusters }: Given): PlanInput => ({
  templates: objectsOf(state.templates),
  policies: objectsOf(state.policies),
  clusterPolicies: objectsOf(state.clusterPolicies),
  bindings: objectsOf(state.bindings),
  rollouts: objectsOf(state.rollouts),
  quotas: objectsOf(state.quotas),
  clusters,
  overrides: {
    clusterOverridePolicies: objectsOf(state.clusterOverridePolicies),
    overridePolicies: objectsOf(state.overridePolicies),
  },
});

export async function planPortsOf({ profile, state }: Pick<Given, 'profile' | 'state'>): Promise<PlanPorts> {
  const plugins = extendPlugins(pluginsFor(profile), { scores: await loadScores(profile) });
  return { profile, plugins, interpreter: interpreterWith(objectsOf(state.customizations)), yaml: yamlCodec };
}

const objectsOf = <T>(located: readonly Located<T>[]): T[] => located.map(({ object }) => object);
