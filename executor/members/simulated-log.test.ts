import { expect, it } from 'vitest';
import { simulatedLog } from './simulated-log.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  status: { startTime: '2026-11-20T10:00:00Z' },
};
const time = (text: string) => Date.parse(`2026-11-20T10:00:${text}Z`);
const run = { container: 'app', image: 'nginx:1', attempt: 0, startedAt: time('05'), ended: null };

it('tells of a run of a container what its simulation knows', () => {
  const started = { at: time('00'), text: 'a simulated container of nginx:1 is started' };
  const ready = { at: time('05'), text: 'it is ready' };
  expect(simulatedLog(pod, run)).toEqual([started, ready]);
  expect(simulatedLog(pod, { ...run, ended: { at: time('09'), exitCode: 0 } })).toEqual([
    started,
    ready,
    { at: time('09'), text: 'it has ended with exit code 0' },
  ]);
});

it('counts the crashes before', () => {
  const again = (attempt: number) => simulatedLog(pod, { ...run, attempt })[0];
  expect(again(1)).toEqual({
    at: time('05'),
    text: 'a simulated container of nginx:1 is started again, after 1 crash',
  });
  expect(again(2)!.text).toContain('after 2 crashes');
});

it('calls nothing ready that ended as it began', () => {
  const failed = { ...run, ended: { at: time('05'), exitCode: 1 } };
  expect(simulatedLog(pod, failed).map(({ text }) => text)).toEqual([
    'a simulated container of nginx:1 is started',
    'it has ended with exit code 1',
  ]);
});
