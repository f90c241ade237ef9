import { describe, expect, it } from 'vitest';
import { timeZones } from '../../../executor/script/time-zones.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { unsoundness } from '../soundness.ts';
import { admit } from './admit.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const object = (kind: string, spec: object): KubeObject => ({
  apiVersion: 'autoscaling.karmada.io/v1alpha1',
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});
const scaler = (spec: object) => object('FederatedHPA', { scaleTargetRef: target, maxReplicas: 9, ...spec });
const measured = (...metrics: object[]) => scaler({ metrics });
const cpu = (more: object) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', ...more } },
});
const down = (scaleDown: object) => scaler({ behavior: { scaleDown } });
const policy = { type: 'Pods', value: 1, periodSeconds: 60 };
const rule = (more: object) => ({ name: 'day', schedule: '0 8 * * *', targetReplicas: 2, ...more });
const cron = (...rules: object[]) => object('CronFederatedHPA', { scaleTargetRef: target, rules });
const ofScaler = (...rules: object[]) =>
  object('CronFederatedHPA', {
    scaleTargetRef: { apiVersion: 'autoscaling.karmada.io/v1alpha1', kind: 'FederatedHPA', name: 'web' },
    rules: rules.map((one) => ({ name: 'day', schedule: '0 8 * * *', ...one })),
  });

const paths = (one: KubeObject): string[] => admit(one, 0, { zones: timeZones }).problems.map(({ path }) => path);
const completed = (one: KubeObject) => admit(one, 0).object.spec as Record<string, never>;

describe('FederatedHPAs', () => {
  it.each<readonly [string, KubeObject]>([
    ['is bounded from below alone', scaler({ minReplicas: 9 })],
    ['measures a share', measured(cpu({ averageUtilization: 50 }))],
    ['measures an amount', measured(cpu({ type: 'AverageValue', averageValue: '200m' }))],
    [
      'measures one container',
      measured({
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'main', target: { type: 'Utilization', averageUtilization: 5 } },
      }),
    ],
    [
      'measures pods',
      measured({
        type: 'Pods',
        pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: 10 } },
      }),
    ],
    [
      'measures an object',
      measured({
        type: 'Object',
        object: { describedObject: target, metric: { name: 'qps' }, target: { type: 'Value', value: '1k' } },
      }),
    ],
    ['has rules for one direction', down({ stabilizationWindowSeconds: 3600, selectPolicy: 'Disabled' })],
  ])('that %s is admitted', (_, one) => {
    expect(paths(one)).toEqual([]);
    expect(unsoundness(admit(one, 0).object)).toBeNull();
  });

  it.each<readonly [string, KubeObject, readonly string[]]>([
    ['nothing to scale', object('FederatedHPA', { maxReplicas: 1 }), ['spec.scaleTargetRef']],
    ['no upper bound', object('FederatedHPA', { scaleTargetRef: target }), ['spec.maxReplicas']],
    ['an upper bound of none', scaler({ maxReplicas: 0 }), ['spec.maxReplicas']],
    ['a lower bound of none', scaler({ minReplicas: 0 }), ['spec.minReplicas']],
    ['bounds that cross', scaler({ minReplicas: 10 }), ['spec.maxReplicas']],
    ['a kind that is no name', scaler({ scaleTargetRef: { ...target, kind: 'a/b' } }), ['spec.scaleTargetRef.kind']],
    ['a name that is none', scaler({ scaleTargetRef: { ...target, name: '' } }), ['spec.scaleTargetRef.name']],
    [
      'a metric from outside',
      measured({ type: 'External', external: { metric: { name: 'a' }, target: { type: 'Value', value: 1 } } }),
      ['spec.metrics[0].type', 'spec.metrics[0].external'],
    ],
    ['a type without its source', measured({ type: 'Pods' }), ['spec.metrics[0].pods']],
    [
      'two sources',
      measured({
        ...cpu({ averageUtilization: 1 }),
        pods: { metric: { name: 'a' }, target: { type: 'AverageValue', averageValue: 1 } },
      }),
      ['spec.metrics[0].pods'],
    ],
    ['no target', measured(cpu({})), ['spec.metrics[0].resource.target.averageUtilization']],
    [
      'two targets',
      measured(cpu({ averageUtilization: 1, averageValue: 1 })),
      ['spec.metrics[0].resource.target.averageValue'],
    ],
    ['a target of nothing', measured(cpu({ averageValue: '0' })), ['spec.metrics[0].resource.target.averageValue']],
    [
      'a target of no type',
      measured(cpu({ type: 'Share', averageUtilization: 1 })),
      ['spec.metrics[0].resource.target.type'],
    ],
    [
      'pods without an average',
      measured({ type: 'Pods', pods: { metric: { name: 'a' }, target: { type: 'Value', value: 1 } } }),
      ['spec.metrics[0].pods.target.averageValue'],
    ],
    [
      'a window that is too long',
      down({ stabilizationWindowSeconds: 3601 }),
      ['spec.behavior.scaleDown.stabilizationWindowSeconds'],
    ],
    ['no policies', down({ policies: [] }), ['spec.behavior.scaleDown.policies']],
    ['another way to choose', down({ selectPolicy: 'Any' }), ['spec.behavior.scaleDown.selectPolicy']],
    [
      'a period that is too long',
      down({ policies: [{ ...policy, periodSeconds: 1801 }] }),
      ['spec.behavior.scaleDown.policies[0].periodSeconds'],
    ],
    [
      'a policy of nothing',
      down({ policies: [{ ...policy, value: 0 }] }),
      ['spec.behavior.scaleDown.policies[0].value'],
    ],
    [
      'a policy of no type',
      down({ policies: [{ ...policy, type: 'Nodes' }] }),
      ['spec.behavior.scaleDown.policies[0].type'],
    ],
  ])('with %s are refused', (_, one, expected) => {
    expect(paths(one)).toEqual(expected);
  });

  it('get what is left out', () => {
    expect(completed(scaler({}))).toEqual({
      scaleTargetRef: target,
      minReplicas: 1,
      maxReplicas: 9,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    });
    expect(completed(scaler({ behavior: { scaleDown: { policies: [policy] } } })).behavior).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: { selectPolicy: 'Max', policies: [policy] },
    });
    expect(completed(scaler({ behavior: {} })).behavior).toMatchObject({
      scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    });
  });

  it('are complete once they are completed', () => {
    const once = admit(scaler({ behavior: {} }), 0).object;
    expect(admit(once, 1).object).toEqual(once);
  });
});

describe('CronFederatedHPAs', () => {
  it.each<readonly [string, KubeObject]>([
    ['scales to none', cron(rule({ targetReplicas: 0 }))],
    ['goes by a zone', cron(rule({ timeZone: 'Europe/Berlin' }))],
    ['names no zone', cron(rule({ timeZone: '' }))],
    ['tells no failures', cron(rule({ failedHistoryLimit: 0 }))],
    ['sets a lower bound', ofScaler({ targetMinReplicas: 1 })],
    ['sets both bounds', ofScaler({ targetMinReplicas: 2, targetMaxReplicas: 2 })],
    ['has a long name', cron(rule({ name: 'ä'.repeat(32) }))],
    ['has no rules', cron()],
  ])('that %s is admitted', (_, one) => {
    expect(paths(one)).toEqual([]);
    expect(unsoundness(admit(one, 0).object)).toBeNull();
  });

  it.each<readonly [string, KubeObject, readonly string[]]>([
    [
      'a kind of its own group',
      object('CronFederatedHPA', {
        scaleTargetRef: { ...target, apiVersion: 'autoscaling.karmada.io/v1alpha1' },
        rules: [],
      }),
      ['spec.scaleTargetRef.kind'],
    ],
    ['a name twice', cron(rule({}), rule({})), ['spec.rules[1].name']],
    ['a name that is too long', cron(rule({ name: 'a'.repeat(33) })), ['spec.rules[0].name']],
    ['a name that is empty', cron(rule({ name: '' })), ['spec.rules[0].name']],
    ['no schedule', cron(rule({ schedule: 'at noon' })), ['spec.rules[0].schedule']],
    ['no such zone', cron(rule({ timeZone: 'Nowhere/City' })), ['spec.rules[0].timeZone']],
    ['a zone that is no name', cron(rule({ timeZone: '+01:00' })), ['spec.rules[0].timeZone']],
    ['no replicas', cron(rule({ targetReplicas: undefined })), ['spec.rules[0].targetReplicas']],
    ['less than none', cron(rule({ targetReplicas: -1 })), ['spec.rules[0].targetReplicas']],
    ['no bounds', ofScaler({}), ['spec.rules[0].targetMaxReplicas']],
    ['a bound of none', ofScaler({ targetMinReplicas: 0 }), ['spec.rules[0].targetMinReplicas']],
    [
      'bounds that cross',
      ofScaler({ targetMinReplicas: 3, targetMaxReplicas: 2 }),
      ['spec.rules[0].targetMinReplicas'],
    ],
    ['no successes to tell', cron(rule({ successfulHistoryLimit: 0 })), ['spec.rules[0].successfulHistoryLimit']],
    ['too many failures to tell', cron(rule({ failedHistoryLimit: 33 })), ['spec.rules[0].failedHistoryLimit']],
  ])('with %s are refused', (_, one, expected) => {
    expect(paths(one)).toEqual(expected);
  });

  it('get what is left out', () => {
    expect(completed(cron(rule({ suspend: true }))).rules).toEqual([
      { ...rule({}), suspend: true, successfulHistoryLimit: 3, failedHistoryLimit: 3 },
    ]);
  });
});
