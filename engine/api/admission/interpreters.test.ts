import { describe, expect, it } from 'vitest';
import { refusedAt } from '../../../test/builders/admitted.ts';
import type { KubeObject } from '../../kube/meta.ts';

const API = 'config.karmada.io/v1alpha1';
const lua = { luaScript: 'function f() end' };

describe('a customization', () => {
  const telling = (name: string, customizations: object, kind = 'Deployment'): KubeObject => ({
    apiVersion: API,
    kind: 'ResourceInterpreterCustomization',
    metadata: { name },
    spec: { target: { apiVersion: 'apps/v1', kind }, customizations },
  });
  const beside = (object: KubeObject, ...stored: KubeObject[]) => refusedAt(object, { others: () => stored });
  const both = telling('b', { retention: lua, replicaResource: lua });

  it('tells nothing that another tells already', () => {
    expect(beside(both, telling('a', { retention: lua }))).toEqual(['spec.customizations.retention']);
    expect(beside(both, both)).toEqual([]);
    expect(beside(both, telling('a', { retention: lua }, 'Job'))).toEqual([]);
    expect(beside(both, telling('a', { retention: { luaScript: '' }, healthInterpretation: lua }))).toEqual([]);
    expect(beside(both, { ...both, metadata: { name: 'a' }, spec: {} })).toEqual([]);
  });

  it('tells it in Lua', () => {
    const told = telling('a', { retention: { luaScript: 'function Retain(' } });
    expect(refusedAt(told)).toEqual(['spec.customizations.retention.luaScript']);
  });

  it('may tell of dependencies as others do', () => {
    const needs = { dependencyInterpretation: lua };
    expect(beside(telling('b', needs), telling('a', needs))).toEqual([]);
  });
});

describe('a configuration of interpreting servers', () => {
  const rules = [{ operations: ['Retain'], apiGroups: ['apps'], apiVersions: ['v1'], kinds: ['Deployment'] }];
  const rule = (more: object) => ({ rules: [{ ...rules[0], ...more }] });
  const server = {
    name: 'a.example.com',
    clientConfig: { url: 'https://a.example.com/ask' },
    rules,
    interpreterContextVersions: ['v1alpha1'],
  };
  const service = { name: 'a', namespace: 'b', path: '/c', port: 443 };
  const configured = (...webhooks: object[]): KubeObject => ({
    apiVersion: API,
    kind: 'ResourceInterpreterWebhookConfiguration',
    metadata: { name: 'w' },
    webhooks,
  });
  const PLACE = 'webhooks[0]';

  it.each([
    {},
    { clientConfig: { service } },
    { timeoutSeconds: 30, interpreterContextVersions: ['v1', 'v1alpha1'] },
    rule({ operations: ['*'], apiGroups: [''], apiVersions: ['*'], kinds: ['*'] }),
  ])('is taken with %j', (more) => expect(refusedAt(configured({ ...server, ...more }))).toEqual([]));

  it.each([
    [{ name: 'x' }, `${PLACE}.name`],
    [{ name: 'A.example.com' }, `${PLACE}.name`],
    [{ clientConfig: {} }, `${PLACE}.clientConfig`],
    [{ clientConfig: { url: 'https://a', service } }, `${PLACE}.clientConfig`],
    [{ clientConfig: { url: 'http://a/b' } }, `${PLACE}.clientConfig.url`],
    [{ clientConfig: { url: 'https://a/b?c=d' } }, `${PLACE}.clientConfig.url`],
    [{ clientConfig: { service: { ...service, port: 0 } } }, `${PLACE}.clientConfig.service.port`],
    [{ timeoutSeconds: 31 }, `${PLACE}.timeoutSeconds`],
    [{ interpreterContextVersions: [] }, `${PLACE}.interpreterContextVersions`],
    [{ interpreterContextVersions: ['v2'] }, `${PLACE}.interpreterContextVersions`],
    [{ interpreterContextVersions: ['v1alpha1', 'v1alpha1'] }, `${PLACE}.interpreterContextVersions[1]`],
    [rule({ operations: [] }), `${PLACE}.rules[0].operations`],
    [rule({ operations: ['*', 'Retain'] }), `${PLACE}.rules[0].operations`],
    [rule({ operations: ['Sing'] }), `${PLACE}.rules[0].operations[0]`],
    [rule({ apiVersions: [''] }), `${PLACE}.rules[0].apiVersions[0]`],
    [rule({ kinds: [] }), `${PLACE}.rules[0].kinds`],
  ])('is refused with %j', (more, place) => {
    expect(refusedAt(configured({ ...server, ...more }))).toEqual([place]);
  });

  it('names each server once', () => expect(refusedAt(configured(server, server))).toEqual(['webhooks[1].name']));
});
