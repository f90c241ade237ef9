import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { typeProblems } from './built-in-types.ts';

const deployment = (pod: object, more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: {}, template: { spec: { containers: [{ name: 'a', image: 'b' }], ...pod } }, ...more },
});

const told = (object: KubeObject): string[] => typeProblems(object).map(({ path, message }) => `${path} ${message}`);

describe('the types of a built-in kind', () => {
  it('take what people write', () => {
    const container = {
      name: 'a',
      image: 'b',
      resources: { requests: { cpu: 1, memory: '1Gi' } },
      ports: [{ containerPort: 80 }],
      livenessProbe: { httpGet: { port: 'http' }, periodSeconds: 5 },
    };
    expect(told(deployment({ containers: [container], nodeSelector: { a: 'b' } }, { replicas: 3 }))).toEqual([]);
    expect(told({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'aGk=' } })).toEqual([]);
  });

  it('tell of everything that no API server could read, and what would be right', () => {
    const wrong = deployment(
      {
        volumes: 'x',
        nodeSelector: { a: 1 },
        containers: [{ name: 'a', image: ['b'], resources: { requests: { cpu: '5x' } }, env: [{ name: true }, null] }],
      },
      { replicas: '3', paused: 'no', strategy: { rollingUpdate: { maxSurge: 1.5 } } },
    );
    expect(told(wrong)).toEqual([
      'spec.paused is "no", and should be true or false',
      'spec.replicas is "3", and should be a whole number from -2147483648 to 2147483647',
      'spec.strategy.rollingUpdate.maxSurge is 1.5, and should be a whole number or a text',
      'spec.template.spec.containers[0].env[0].name is true, and should be a text',
      'spec.template.spec.containers[0].env[1] is null, and should be an object',
      'spec.template.spec.containers[0].image is a list, and should be a text',
      'spec.template.spec.containers[0].resources.requests.cpu is "5x", and should be a quantity such as 500m, 2 or 4Gi',
      'spec.template.spec.nodeSelector.a is 1, and should be a text',
      'spec.template.spec.volumes is "x", and should be a list',
    ]);
  });

  it('say nothing of fields that they do not have, of free fields and of kinds that are not built in', () => {
    expect(told(deployment({ unheardOf: 7 }))).toEqual([]);
    const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'a' }, data: { b: [1] } };
    expect(told(revision)).toEqual([]);
    expect(told({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: 7 })).toEqual([]);
  });
});
