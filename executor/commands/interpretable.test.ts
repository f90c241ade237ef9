import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import type { Located } from '../files/desired-state.ts';
import { refuseUninterpretable } from './interpretable.ts';

const located = (apiVersion: string, kind: string, spec: object): Located<KubeObject> => ({
  object: { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec },
  origin: {
    file: 'web.yaml',
    document: 0,
    path: '',
    place: (path = 'the object') => ({ file: `web.yaml (${path})`, line: 5, column: 3 }),
  },
});

describe('manifests of which nobody can tell what they ask for', () => {
  it('are refused all at once, with file, line and what would be right', () => {
    const container = { resources: { requests: { cpu: 'lots' } } };
    const templates = [
      located('apps.kruise.io/v1alpha1', 'CloneSet', { replicas: 'many' }),
      located('apps/v1', 'Deployment', { replicas: 2 }),
      located('sparkoperator.k8s.io/v1beta2', 'SparkApplication', { type: 'Java', driver: { memory: '1' } }),
      located('apps/v1', 'Deployment', { template: { spec: { containers: [container] } } }),
    ];
    expect(() => refuseUninterpretable({ templates, customizations: [] })).toThrow(
      [
        'web.yaml (spec.replicas):5:3: CloneSet web does not say what it asks for:' +
          ' spec.replicas must be a whole number, not "many"',
        'web.yaml (spec.driver.memory):5:3: SparkApplication web does not say what it asks for:' +
          ' spec.driver.memory must be an amount of memory such as 512m or 1g, not "1"',
        'web.yaml (the object):5:3: Deployment web does not say what it asks for: cpu: "lots" is not a quantity',
      ].join('\n'),
    );
    expect(() => refuseUninterpretable({ templates: [templates[1]!], customizations: [] })).not.toThrow();
  });
});
