import { expect, it } from 'vitest';
import { simulatedLog } from './simulated-log.ts';

const pod = (status: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
  status,
});

it('tells of a container what its simulation knows', () => {
  expect(simulatedLog(pod({}), 'app')).toBeNull();
  expect(simulatedLog(pod({ startTime: '2026-11-20T10:00:00Z' }), 'app')).toBe(
    '2026-11-20T10:00:00Z a simulated container of nginx:1 is started\n',
  );
  const status = {
    startTime: '2026-11-20T10:00:00Z',
    containerStatuses: [{ name: 'app', restartCount: 2 }],
    conditions: [{ type: 'ContainersReady', status: 'True', lastTransitionTime: '2026-11-20T10:00:05Z' }],
  };
  expect(simulatedLog(pod(status), 'app')?.split('\n').slice(1)).toEqual([
    '2026-11-20T10:00:00Z it has crashed and been started again 2 times since',
    '2026-11-20T10:00:05Z it is ready',
    '',
  ]);
  const ended = { terminated: { exitCode: 0, finishedAt: '2026-11-20T10:00:09Z' } };
  const done = {
    startTime: '2026-11-20T10:00:00Z',
    containerStatuses: [{ name: 'app', restartCount: 0, state: ended }],
  };
  expect(simulatedLog(pod(done), 'app')?.split('\n').slice(1)).toEqual([
    '2026-11-20T10:00:09Z it has ended with exit code 0',
    '',
  ]);
});
