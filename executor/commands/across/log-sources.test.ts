import { expect, it } from 'vitest';
import { logSources } from './log-sources.ts';

const pod = (name: string, containers: readonly string[], annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations },
  spec: { initContainers: [{ name: 'first' }], containers: containers.map((one) => ({ name: one })) },
});
const found = [
  { cluster: 'm1', pods: [pod('a', ['app', 'side']), pod('b', ['app'])] },
  { cluster: 'm2', pods: [pod('c', ['app', 'side'], { 'kubectl.kubernetes.io/default-container': 'side' })] },
];
const told = (isEveryPod: boolean, args: Record<string, unknown>) =>
  logSources(found, isEveryPod, args).sources.map(({ cluster, pod: of, container }) => `${cluster}/${of}/${container}`);

it('are of the first pod of each cluster, and of the container that kubectl takes', () => {
  expect(told(false, {})).toEqual(['m1/a/app', 'm2/c/side']);
  expect([...logSources(found, false, {}).notes]).toEqual([
    'cluster m1: found 2 pods, using a',
    'Defaulted container "app" out of: app, side, first (init)',
  ]);
});

it('are of every pod and container that is asked for', () => {
  expect(told(true, { container: 'side' })).toEqual(['m1/a/side', 'm2/c/side']);
  expect(told(true, { container: 'first' })).toHaveLength(3);
  expect(told(false, { 'all-containers': true })).toEqual([
    'm1/a/first',
    'm1/a/app',
    'm1/a/side',
    'm2/c/first',
    'm2/c/app',
    'm2/c/side',
  ]);
});

it('are none of a container that no pod has', () => {
  expect(() => told(true, { container: 'other' })).toThrow(
    'container other is not valid: choose one of first, app, side',
  );
});
