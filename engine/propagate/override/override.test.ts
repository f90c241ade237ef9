import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../api/cluster.ts';
import type { OverridePolicy, OverrideRule, Overriders } from '../../api/override.ts';
import type { ResourceSelector } from '../../api/policy.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../errors.ts';
import type { YamlCodec } from './field.ts';
import { applyOverriders, applyOverrides } from './override.ts';

const noYaml: YamlCodec = {
  toJson: () => {
    throw new Error('not even one line');
  },
  fromJson: (json) => `yaml of ${json}`,
};
const cluster = { metadata: { name: 'm1', labels: { env: 'prod' } }, spec: {} } as unknown as Cluster;
const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
const object: KubeObject = {
  ...kind,
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    template: {
      spec: {
        initContainers: [{ name: 'init', image: 'init:1' }],
        containers: [
          { name: 'a', image: 'registry.io/team/web:1.0', command: ['run', 'fast'] },
          { name: 'b', image: 'sidecar', args: ['-v'] },
        ],
      },
    },
  },
};
const containersOf = (changed: KubeObject) =>
  (changed.spec as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec.containers;
const overridden = (overriders: Overriders, of = object) => applyOverriders(of, overriders, noYaml);
const label = (value: string): Overriders => ({ labelsOverrider: [{ operator: 'add', value: { by: value } }] });
const policy = (
  name: string,
  rules: OverrideRule[],
  more: { namespace?: string; resourceSelectors?: ResourceSelector[] } = {},
): OverridePolicy => ({
  metadata: { name, namespace: more.namespace },
  spec: { overrideRules: rules, resourceSelectors: more.resourceSelectors },
});
const applied = (clusterOverridePolicies: OverridePolicy[], overridePolicies: OverridePolicy[] = []) =>
  applyOverrides(object, cluster, { clusterOverridePolicies, overridePolicies }, noYaml);
const names = (overrides: readonly { policyName: string }[]) => overrides.map(({ policyName }) => policyName);

describe('override policies', () => {
  it('apply the most specific last, and by name among equals', () => {
    const rule = (value: string) => [{ overriders: label(value) }];
    const { object: result, clusterOverrides } = applied([
      policy('named', rule('named'), { resourceSelectors: [{ ...kind, name: 'web' }] }),
      policy('z', rule('z')),
      policy('a', rule('a'), { resourceSelectors: [kind] }),
      policy('labelled', rule('labelled'), {
        resourceSelectors: [{ ...kind, labelSelector: { matchLabels: { app: 'web' } } }],
      }),
      policy('other', rule('other'), { resourceSelectors: [{ ...kind, name: 'api' }] }),
    ]);
    expect(names(clusterOverrides)).toEqual(['a', 'z', 'labelled', 'named']);
    expect(result.metadata.labels).toEqual({ app: 'web', by: 'named' });
  });

  it('of the namespace come after those of the cluster, and only for their own namespace', () => {
    const result = applied(
      [policy('c', [{ overriders: label('c') }])],
      [
        policy('n', [{ overriders: label('n') }], { namespace: 'shop' }),
        policy('x', [{ overriders: label('x') }], { namespace: 'other' }),
      ],
    );
    expect(names(result.clusterOverrides)).toEqual(['c']);
    expect(names(result.namespacedOverrides)).toEqual(['n']);
    expect(result.object.metadata.labels).toMatchObject({ by: 'n' });
  });

  it('apply each rule whose clusters match, in their order', () => {
    const { object: result, clusterOverrides } = applied([
      policy('p', [
        { overriders: label('1') },
        { targetCluster: { clusterNames: ['m2'] }, overriders: label('2') },
        { targetCluster: { labelSelector: { matchLabels: { env: 'prod' } } }, overriders: label('3') },
      ]),
    ]);
    expect(names(clusterOverrides)).toEqual(['p', 'p']);
    expect(result.metadata.labels).toMatchObject({ by: '3' });
  });

  it('may be spelled the old way, without rules', () => {
    const old: OverridePolicy = {
      metadata: { name: 'old' },
      spec: { targetCluster: { clusterNames: ['m1'] }, overriders: label('old') },
    };
    expect(applied([old]).object.metadata.labels).toMatchObject({ by: 'old' });
    const elsewhere = { ...old, spec: { ...old.spec, targetCluster: { exclude: ['m1'] } } };
    expect(applied([elsewhere]).clusterOverrides).toEqual([]);
  });
});

describe('image overrider', () => {
  const images = (imageOverrider: Overriders['imageOverrider']) =>
    containersOf(overridden({ imageOverrider })).map(({ image }) => image);

  it('changes one part of every container, but not of init containers', () => {
    expect(images([{ component: 'Registry', operator: 'replace', value: 'mirror.io' }])).toEqual([
      'mirror.io/team/web:1.0',
      'mirror.io/sidecar',
    ]);
    expect(images([{ component: 'Repository', operator: 'add', value: '-x' }])).toEqual([
      'registry.io/team/web-x:1.0',
      'sidecar-x',
    ]);
    expect(images([{ component: 'Tag', operator: 'replace', value: '2' }])).toEqual([
      'registry.io/team/web:2',
      'sidecar:2',
    ]);
    expect(images([{ component: 'Tag', operator: 'remove' }])).toEqual(['registry.io/team/web', 'sidecar']);
    const changed = overridden({ imageOverrider: [{ component: 'Tag', operator: 'replace', value: '2' }] });
    expect(JSON.stringify(changed)).toContain('"init:1"');
  });

  it('changes the one image that its predicate points to', () => {
    const predicate = { path: '/spec/template/spec/initContainers/0/image' };
    const changed = overridden({ imageOverrider: [{ predicate, component: 'Tag', operator: 'replace', value: '9' }] });
    expect(JSON.stringify(changed)).toContain('"init:9"');
    expect(containersOf(changed)).toEqual(containersOf(object));
  });

  it('refuses what is no image and a predicate that points nowhere', () => {
    const predicate = { path: '/spec/none' };
    const tag = { component: 'Tag', operator: 'replace', value: '2' } as const;
    expect(() => overridden({ imageOverrider: [{ predicate, ...tag }] })).toThrow(PropagationError);
    const broken = { ...object, kind: 'Pod', spec: { containers: [{ name: 'a', image: 'NOT OK' }] } };
    expect(() => overridden({ imageOverrider: [tag] }, broken)).toThrow('"NOT OK" is not the name of an image');
  });

  it('does nothing to kinds without pods', () => {
    const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    expect(overridden({ imageOverrider: [{ component: 'Tag', operator: 'remove' }] }, configMap)).toEqual(configMap);
  });
});

describe('command and args overriders', () => {
  it('append and take away words of the container named', () => {
    const changed = overridden({
      commandOverrider: [{ containerName: 'a', operator: 'remove', value: ['fast'] }],
      argsOverrider: [
        { containerName: 'b', operator: 'add', value: ['-x', '-y'] },
        { containerName: 'none', operator: 'add', value: ['-z'] },
      ],
    });
    expect(containersOf(changed).map(({ command, args }) => [command, args])).toEqual([
      [['run'], undefined],
      [undefined, ['-v', '-x', '-y']],
    ]);
  });

  it('start a list where there was none', () => {
    const changed = overridden({ argsOverrider: [{ containerName: 'a', operator: 'add', value: ['-x'] }] });
    expect(containersOf(changed)[0]!.args).toEqual(['-x']);
  });
});

describe('labels and annotations overriders', () => {
  it('add any key, and replace or remove only what is there', () => {
    const changed = overridden({
      labelsOverrider: [
        { operator: 'replace', value: { app: 'x', none: 'y' } },
        { operator: 'remove', value: { none: '' } },
      ],
      annotationsOverrider: [{ operator: 'add', value: { 'a/b~c': 'slash' } }],
    });
    expect(changed.metadata).toMatchObject({ labels: { app: 'x' }, annotations: { 'a/b~c': 'slash' } });
    expect(overridden({ labelsOverrider: [{ operator: 'remove', value: { app: '' } }] }).metadata.labels).toEqual({});
  });
});

describe('field overrider', () => {
  const config = { ...object, data: { json: '{"a":1,"n":123456789012345678901}', yaml: 'a: 1' } };

  it('edits a JSON document in a text and keeps numbers that JavaScript has not', () => {
    const json = [{ subPath: '/a', operator: 'replace', value: 2 } as const];
    const changed = overridden({ fieldOverrider: [{ fieldPath: '/data/json', json }] }, config);
    expect(changed.data).toEqual({ json: '{"a":2,"n":123456789012345678901}', yaml: 'a: 1' });
  });

  it('has YAML read and written by its codec, and tells where there is none', () => {
    const codec = { ...noYaml, toJson: () => '{"a":1}' };
    const yaml = [{ subPath: '/b', operator: 'add', value: [true] } as const];
    const fieldOverrider = [{ fieldPath: '/data/yaml', yaml }];
    expect(applyOverriders(config, { fieldOverrider }, codec).data).toMatchObject({
      yaml: 'yaml of {"a":1,"b":[true]}',
    });
    expect(() => overridden({ fieldOverrider }, config)).toThrow('"/data/yaml" is not YAML: not even one line');
  });

  it('refuses a path to nowhere or to no text, and a text that is no JSON', () => {
    const json = [{ subPath: '/a', operator: 'add', value: 1 } as const];
    for (const fieldPath of ['/data/none', '/data', 'data', '/data/yaml']) {
      expect(() => overridden({ fieldOverrider: [{ fieldPath, json }] }, config)).toThrow(PropagationError);
    }
  });
});

describe('plaintext overrider', () => {
  it('is a JSON patch: all of it or none', () => {
    const plaintext: Overriders['plaintext'] = [
      { path: '/spec/replicas', operator: 'add', value: 2 },
      { path: '/spec/template', operator: 'remove' },
    ];
    expect(overridden({ plaintext }).spec).toEqual({ replicas: 2 });
    const failing: Overriders['plaintext'] = [...plaintext, { path: '/none/x', operator: 'remove' }];
    expect(() => overridden({ plaintext: failing })).toThrow('plaintext: cannot remove "/none/x"');
  });

  it('comes after all the others', () => {
    const plaintext: Overriders['plaintext'] = [{ path: '/metadata/labels/by', operator: 'replace', value: 'last' }];
    expect(overridden({ plaintext, ...label('first') }).metadata.labels).toMatchObject({ by: 'last' });
  });
});
