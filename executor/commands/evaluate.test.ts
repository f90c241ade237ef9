import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answerAll } from './evaluate.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm', namespace: 'shop', uid: 'u' } };

async function run(...lines: unknown[]): Promise<{ exitCode: number; output: unknown[] }> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  let written = '';
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      written += chunk;
      setImmediate(done);
    },
  });
  const exitCode = await answerAll(['-'], sink, Readable.from([Buffer.from(text)]));
  return {
    exitCode,
    output: written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe('muster evaluate', () => {
  it('answers every line in its order, with the id it came with', async () => {
    const { exitCode, output } = await run(
      { id: 'a', op: 'prune', object: configMap },
      { id: 7, op: 'health', object: configMap },
      { op: 'replicas', object: configMap },
    );
    expect(exitCode).toBe(0);
    expect(output).toEqual([
      { id: 'a', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm', namespace: 'shop' } } },
      { id: 7, healthy: true },
      { id: null, replicas: 0, requirements: null },
    ]);
  });

  it('says in a sentence what Karmada would refuse, and still ends well', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      status: { replicas: 1 },
    };
    const { exitCode, output } = await run({ id: 'a', op: 'reflect', object: deployment });
    expect(exitCode).toBe(0);
    expect(output).toEqual([
      { id: 'a', error: 'annotation resourcetemplate.karmada.io/generation must be a whole number, not ""' },
    ]);
  });

  it('answers bad lines with their number, answers those after them, and ends with 1', async () => {
    const { exitCode, output } = await run(
      '{"id":',
      '[]',
      { id: 'op', op: 'guess', object: configMap },
      { id: 'object', op: 'prune' },
      { id: 'kind', op: 'prune', object: { apiVersion: 'v1', metadata: {} } },
      { id: 'policy', op: 'match', object: configMap, propagationPolicies: [{ metadata: { name: 'p' } }] },
      {
        id: 'deep',
        op: 'match',
        object: configMap,
        clusterPropagationPolicies: [{ metadata: { name: 'p' }, spec: { resourceSelectors: 5 } }],
      },
      { id: 'good', op: 'health', object: configMap },
    );
    expect(exitCode).toBe(1);
    expect(output.map((line) => (line as { error?: string }).error)).toEqual([
      expect.stringMatching(/^line 1 of standard input is not JSON: /),
      'line 2 of standard input is not a case: it must be an object',
      expect.stringMatching(/^line 3 of standard input is not a case: op must be one of match, .* not "guess"$/),
      'line 4 of standard input is not a case: object is missing',
      'line 5 of standard input is not a case: object.kind is missing',
      'line 6 of standard input is not a case: propagationPolicies[0].spec is missing',
      'line 7 of standard input is not a case: clusterPropagationPolicies[0].spec.resourceSelectors is 5, and should be a list',
      undefined,
    ]);
    expect(output.map((line) => (line as { id: unknown }).id)).toEqual([
      null,
      null,
      'op',
      'object',
      'kind',
      'policy',
      'deep',
      'good',
    ]);
  });
});
