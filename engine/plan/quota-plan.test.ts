import { describe, expect, it } from 'vitest';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { makeCluster } from '../../test/builders/cluster.ts';
import { deployment, evenlyIn, policyFor } from '../../test/builders/control-plane.ts';
import type { ResourceBinding } from '../api/binding.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { FederatedResourceQuota } from '../api/quota.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { builtInLayers } from '../propagate/interpret/built-in.ts';
import { Interpreter } from '../propagate/interpret/interpreter.ts';
import { pluginsFor } from '../schedule/default-plugins.ts';
import { makePlan } from './make-plan.ts';

const quota = (cpu: string, namespace = 'default'): FederatedResourceQuota => ({
  metadata: { name: 'team', namespace },
  spec: { overall: { cpu } },
});

/** As a hub recorded it: half a CPU each, in two clusters. */
const recorded = (name: string, replicas: number): ResourceBinding => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: `${name}-deployment`, namespace: 'default' },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name },
    replicas,
    replicaRequirements: { resourceRequest: { cpu: '500m' } },
    clusters: ['m1', 'm2'].map((cluster) => ({ name: cluster, replicas: replicas / 2 })),
  },
});

function planned(
  wanted: Readonly<Record<string, number>>,
  quotas: readonly FederatedResourceQuota[],
  bindings: readonly ResourceBinding[] = [],
  profile = MUSTER_PROFILE,
): Record<string, string> {
  const templates = Object.entries(wanted).map(([name, replicas]) => deployment(name, replicas));
  const plan = makePlan(
    {
      templates,
      policies: templates.map((one) => policyFor(one, evenlyIn('m1', 'm2'))) as unknown as PropagationPolicy[],
      clusterPolicies: [],
      bindings,
      clusters: [makeCluster('m1'), makeCluster('m2')],
      overrides: { clusterOverridePolicies: [], overridePolicies: [] },
      quotas,
    },
    { profile, plugins: pluginsFor(profile), interpreter: new Interpreter(builtInLayers), yaml: yamlCodec },
  );
  return Object.fromEntries(
    plan.workloads.map(({ name, clusters, reason }) => [
      name,
      `${clusters.map((one) => `${one.name}=${one.replicas}`).join(' ')}${reason === null ? '' : `; ${reason}`}`,
    ]),
  );
}

describe('a plan within a quota', () => {
  const exceeded = (sum: string, limit: string) =>
    `; QuotaExceeded: FederatedResourceQuota(default/team) exceeded for resource cpu: requested sum ${sum}, limit ${limit}.`;

  it('places what fits into it, in the order of names, and says what does not', () => {
    expect(planned({ a: 4, b: 4, c: 2 }, [quota('3')])).toEqual({
      a: 'm1=2 m2=2',
      b: exceeded('5', '3'),
      c: 'm1=1 m2=1',
    });
  });

  it('leaves what would exceed it where it is', () => {
    expect(planned({ a: 8 }, [quota('3')], [recorded('a', 4), recorded('other', 2)])).toEqual({
      a: `m1=2 m2=2${exceeded('5', '3')}`,
    });
  });

  it('counts on what others give back, whoever comes first', () => {
    expect(planned({ a: 6, b: 2 }, [quota('4')], [recorded('a', 4), recorded('b', 4)])).toEqual({
      a: 'm1=3 m2=3',
      b: 'm1=1 m2=1',
    });
  });

  it('does not look at it where it is not enforced, or of another namespace', () => {
    expect(planned({ a: 4 }, [quota('1')], [], KARMADA_PROFILE)).toEqual({ a: 'm1=2 m2=2' });
    expect(planned({ a: 4 }, [quota('1', 'bank')])).toEqual({ a: 'm1=2 m2=2' });
  });
});
