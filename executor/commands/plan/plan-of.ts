// The plan for what a command was given.
import { extendPlugins, Interpreter, makePlan, nativeLayer, type Plan, pluginsFor } from '../../../engine/index.ts';
import type { Located } from '../../files/desired-state.ts';
import { yamlCodec } from '../../script/yaml-codec.ts';
import { loadScores } from '../load-profile.ts';
import type { Given } from '../manifests-and-fleet.ts';

export async function planOf({ state, clusters, profile }: Given): Promise<Plan> {
  const plugins = extendPlugins(pluginsFor(profile), { scores: await loadScores(profile) });
  return makePlan(
    {
      templates: objectsOf(state.templates),
      policies: objectsOf(state.policies),
      clusterPolicies: objectsOf(state.clusterPolicies),
      bindings: objectsOf(state.bindings),
      clusters,
      overrides: {
        clusterOverridePolicies: objectsOf(state.clusterOverridePolicies),
        overridePolicies: objectsOf(state.overridePolicies),
      },
    },
    { profile, plugins, interpreter: new Interpreter([nativeLayer]), yaml: yamlCodec },
  );
}

const objectsOf = <T>(located: readonly Located<T>[]): T[] => located.map(({ object }) => object);
