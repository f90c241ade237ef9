// Replays what real clients said to a real API server, and compares our answers with its answers: status, reason, shape,
// events. Each difference that is meant is listed in kube-wire-differences.ts with its reason.
import { afterAll, describe, expect, it } from 'vitest';
import { differences } from './kube-wire-differences.ts';
import { Replay, type TopicResult } from './kube-wire-replay.ts';

const SEQUENCES: readonly (readonly string[])[] = [
  [
    'discovery',
    'namespace',
    'create',
    'delete-simple',
    'apply-client',
    'apply-server',
    'patch',
    'put',
    'invalid',
    'dry-run',
    'list',
    'watch',
    'delete',
    'crd',
    'wait',
    'auth',
    'namespace-delete',
  ],
  [
    'discovery-more',
    'setup-dock',
    'defaults',
    'immutables',
    'limits',
    'edit-replace',
    'rollout',
    'selectors',
    'lists',
    'watch-timed',
    'ssa',
    'status-generation',
    'gc',
    'subresources',
    'validation',
    'crd-more',
    'rbac',
    'namespaces',
  ],
];

const results: TopicResult[] = [];

for (const client of ['k136', 'k132']) {
  for (const topics of SEQUENCES) {
    describe(`${client}: the answers of a Kubernetes API server`, () => {
      const replay = new Replay(client, differences);
      for (const topic of topics) {
        it(`are ours in ${topic}`, () => {
          const result = replay.run(topic);
          results.push(result);
          expect(result.problems).toEqual([]);
        });
      }
    });
  }
}

afterAll(() => {
  if (process.env.WIRE_TABLE === undefined) return;
  const lines = results.map(
    ({ client, topic, requests, equal, excused, problems }) =>
      `${client} ${topic.padEnd(18)} ${String(requests).padStart(4)} requests ${String(equal).padStart(4)} equal ${String(excused).padStart(4)} with a listed difference ${String(problems.length).padStart(4)} wrong`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
});
