import { describe, expect, it } from 'vitest';
import { interpreting } from '../../../../test/builders/interpreting.ts';

const gitRepository = interpreting('source.toolkit.fluxcd.io/v1', 'GitRepository');
const of = (kind: string) => interpreting('source.toolkit.fluxcd.io/v1beta2', kind);
const [bucket, helmChart, helmRepository, ociRepository] = [
  of('Bucket'),
  of('HelmChart'),
  of('HelmRepository'),
  of('OCIRepository'),
] as const;
const helmRelease = interpreting('helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease');
const kustomization = interpreting('kustomize.toolkit.fluxcd.io/v1', 'Kustomization');

const ALL = [
  ['GitRepository', gitRepository],
  ['Bucket', bucket],
  ['HelmChart', helmChart],
  ['HelmRepository', helmRepository],
  ['OCIRepository', ociRepository],
  ['HelmRelease', helmRelease],
  ['Kustomization', kustomization],
] as const;
const condition = (status: string, reason: string, message?: string) => ({ type: 'Ready', status, reason, message });
const seen = (generation: number) => ({
  generation,
  observedGeneration: generation,
  resourceTemplateGeneration: generation,
});

describe.each(ALL)("Flux's %s", (_, kind) => {
  it('stays suspended where its member suspended it', () => {
    expect(kind.retained({ spec: {} }, { spec: { suspend: true } }).spec).toEqual({ suspend: true });
    expect(kind.retained({ spec: { suspend: true } }, { spec: { suspend: false } }).spec).toEqual({ suspend: false });
    expect(kind.retained({ spec: { suspend: true } }, {}).spec).toEqual({ suspend: true });
  });

  it('tells in one condition what several clusters say alike', () => {
    const object = kind.of({});
    const conditions = (...lists: object[][]) =>
      (kind.aggregated(object, ...lists.map((list) => ({ conditions: list }))) as { conditions: object[] }).conditions;
    expect(conditions([condition('True', 'Succeeded', 'ok')], [condition('True', 'Succeeded', 'fine')])).toEqual([
      condition('True', 'Succeeded', 'm1=ok, m2=fine'),
    ]);
    expect(conditions([condition('True', 'Succeeded', 'ok')], [condition('False', 'Failed', 'error')])).toEqual([
      condition('True', 'Succeeded', 'm1=ok'),
      condition('False', 'Failed', 'm2=error'),
    ]);
    expect(conditions([condition('True', 'Succeeded', 'ok')], [condition('True', 'Progressing', 'syncing')])).toEqual([
      condition('True', 'Succeeded', 'm1=ok'),
      condition('True', 'Progressing', 'm2=syncing'),
    ]);
    expect(conditions([condition('True', 'Succeeded')])).toEqual([condition('True', 'Succeeded', 'm1=')]);
  });

  it('claims its latest generation when every cluster has seen it', () => {
    const object = kind.of({ status: { observedGeneration: 1 } }, { generation: 2 });
    const observed = (...statuses: (object | null)[]) =>
      (kind.aggregated(object, ...statuses) as { observedGeneration: number }).observedGeneration;
    expect(observed(seen(2), seen(2))).toBe(2);
    expect(observed(seen(2), { ...seen(2), observedGeneration: 1 })).toBe(1);
    expect(observed(seen(2), null)).toBe(1);
    expect(observed()).toBe(2);
    expect(kind.settles(object, { ...seen(2), conditions: [condition('True', 'Succeeded', 'ok')], failures: 2 })).toBe(
      true,
    );
  });

  it('reports the generations that it has seen', () => {
    const annotations = { 'resourcetemplate.karmada.io/generation': '123' };
    expect(kind.reflected({ observedGeneration: 4, unknown: 1, artifact: {} }, { generation: 4, annotations })).toEqual(
      {
        observedGeneration: 4,
        generation: 4,
        resourceTemplateGeneration: 123,
      },
    );
    expect(kind.reflected(undefined, { generation: 4 })).toEqual({});
  });

  it('is unwell without a status, and while it is not ready', () => {
    expect(kind.healthy(undefined)).toBe(false);
    expect(kind.healthy({ conditions: [condition('False', 'Succeeded')] })).toBe(false);
    expect(kind.healthy({ conditions: [condition('True', 'Progressing')] })).toBe(false);
  });
});

describe('sources of Flux', () => {
  it('have the artifact and the address of the last cluster that has one', () => {
    const first = { artifact: { revision: 'aaaa1111' }, url: 'http://a', observedChartName: 'podinfo' };
    const second = { artifact: { revision: 'bbbb2222' }, url: '' };
    const object = { generation: 1 };
    expect(gitRepository.aggregated(gitRepository.of({}, object), first, second)).toEqual({
      artifact: second.artifact,
      observedGeneration: 0,
    });
    expect(ociRepository.aggregated(ociRepository.of({}, object), first, second)).toEqual({
      artifact: second.artifact,
      observedGeneration: 0,
      url: 'http://a',
    });
    expect(helmChart.aggregated(helmChart.of({}, object), first, second)).toEqual({
      artifact: second.artifact,
      observedGeneration: 0,
      observedChartName: 'podinfo',
      observedSourceArtifactRevision: '',
      url: 'http://a',
    });
    expect(helmRepository.aggregated(helmRepository.of({}, { generation: 3 }))).toEqual({
      observedGeneration: 3,
      url: '',
    });
  });

  it('are well when they are ready because they succeeded, a chart also because it was pulled', () => {
    const ready = (reason: string) => ({ conditions: [condition('True', reason)] });
    for (const kind of [gitRepository, bucket, helmChart, helmRepository, ociRepository]) {
      expect(kind.healthy(ready('Succeeded'))).toBe(true);
      expect(kind.healthy(ready('ChartPullSucceeded'))).toBe(kind === helmChart);
      expect(kind.healthy(ready('ReconciliationSucceeded'))).toBe(false);
    }
  });

  it('depend on the secrets that they name, each once', () => {
    const secretRef = { name: 'access' };
    const verify = { secretRef: { name: 'keys' } };
    expect(gitRepository.dependencies({ secretRef, verify })).toEqual(['Secret access', 'Secret keys']);
    expect(gitRepository.dependencies({ secretRef, verify: { secretRef } })).toEqual(['Secret access']);
    expect(bucket.dependencies({ secretRef, verify })).toEqual(['Secret access']);
    expect(helmRepository.dependencies({ secretRef, verify })).toEqual(['Secret access']);
    expect(helmChart.dependencies({ secretRef, verify })).toEqual(['Secret keys']);
    const all = { secretRef, verify, certSecretRef: { name: 'cert' }, serviceAccountName: 'robot' };
    expect(ociRepository.dependencies(all)).toEqual([
      'Secret access',
      'Secret cert',
      'Secret keys',
      'ServiceAccount robot',
    ]);
    expect(ociRepository.dependencies({ secretRef })).toEqual(['Secret access']);
    expect(ociRepository.dependencies({ secretRef: { name: '' }, serviceAccountName: '' })).toEqual([]);
  });
});

describe('a HelmRelease', () => {
  it('tells the last revisions, and how often it failed in all clusters together', () => {
    const object = helmRelease.of({ status: { failures: 9, helmChart: 'old' } }, { generation: 1 });
    const status = (revision: string, release: number, failures: number) => ({
      lastAttemptedRevision: revision,
      lastAppliedRevision: revision,
      lastReleaseRevision: release,
      failures,
      installFailures: 1,
      ...seen(1),
    });
    expect(helmRelease.aggregated(object, status('6.3.5', 1, 2), status('6.3.6', 2, 3))).toEqual({
      observedGeneration: 1,
      lastAttemptedRevision: '6.3.6',
      lastAppliedRevision: '6.3.6',
      lastReleaseRevision: 2,
      failures: 5,
      installFailures: 2,
      helmChart: 'old',
    });
  });

  it('depends on its values, keys and account', () => {
    expect(
      helmRelease.dependencies({
        valuesFrom: [{ kind: 'Secret', name: 'values' }, { kind: 'ConfigMap', name: 'values' }, { kind: 'ConfigMap' }],
        chart: { spec: { verify: { secretRef: { name: 'keys' } } } },
        kubeConfig: { secretRef: { name: 'kubeconfig' } },
        serviceAccountName: 'robot',
      }),
    ).toEqual(['ConfigMap values', 'Secret keys', 'Secret kubeconfig', 'Secret values', 'ServiceAccount robot']);
  });

  it('is well when it has been reconciled', () => {
    expect(helmRelease.healthy({ conditions: [condition('True', 'ReconciliationSucceeded')] })).toBe(true);
    expect(helmRelease.healthy({ conditions: [condition('True', 'Succeeded')] })).toBe(false);
  });
});

describe('a Kustomization', () => {
  it('tells the last revisions, and keeps those that no cluster tells any more', () => {
    const object = kustomization.of({ status: { lastAppliedRevision: 'main@sha1:a' } }, { generation: 1 });
    expect(kustomization.aggregated(object, { lastAttemptedRevision: 'main@sha1:b', ...seen(1) })).toEqual({
      observedGeneration: 1,
      lastAppliedRevision: 'main@sha1:a',
      lastAttemptedRevision: 'main@sha1:b',
    });
  });

  it('depends on what it decrypts with, where it goes and who it is', () => {
    expect(
      kustomization.dependencies({
        decryption: { secretRef: { name: 'sops' } },
        kubeConfig: { secretRef: { name: 'kubeconfig' } },
        serviceAccountName: 'default',
      }),
    ).toEqual(['Secret kubeconfig', 'Secret sops', 'ServiceAccount default']);
  });

  it('is well when it has been reconciled', () => {
    expect(kustomization.healthy({ conditions: [condition('True', 'ReconciliationSucceeded')] })).toBe(true);
  });
});
