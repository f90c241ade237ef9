import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { ended } from '../../test/e2e/running-fleet.ts';

const IDLE_HEAP = new URL('./idle-heap.ts', import.meta.url).href;

/** Stands by until the engine has begun to collect for want of work, and begins to work then. */
const STANDS_BY = `
  import { PerformanceObserver } from 'node:perf_hooks';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { collectOnceWhenIdle } from '${IDLE_HEAP}';
  const FOR_LESS_MEMORY = 32;
  let called = 0;
  new PerformanceObserver((list) => {
    if (called > 0 || !list.getEntries().some(({ detail }) => detail.flags === FOR_LESS_MEMORY)) return;
    called += 1;
    collectOnceWhenIdle();
  }).observe({ entryTypes: ['gc'] });
  const kept = Array.from({ length: 400 }, () => new Array(10_000).fill(0));
  gc();
  while (called === 0) await sleep(100);
  await sleep(3_000);
  console.log('alive', kept.length);
`;

/** Later engines are not told. */
const isTold = Number.parseInt(process.versions.v8, 10) < 12;

it.skipIf(!isTold)('leaves a process alone that has stood by for a while', { timeout: 60_000 }, async () => {
  const flags = ['--import', 'tsx', '--expose-gc', '--gc-memory-reducer-start-delay-ms=300'];
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', STANDS_BY]);
  const { code, out, notes } = await ended(child);
  expect([code, out, notes]).toEqual([0, 'alive 400\n', '']);
});
