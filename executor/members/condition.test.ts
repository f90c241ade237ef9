import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identityOf } from '../storage/disk/process-identity.ts';
import { conditionOfContainers, conditionOfProcess } from './condition.ts';

describe('the condition of a member', () => {
  it.skipIf(!existsSync('/proc/self/stat'))(
    'is told of its process, and not of another that got its number',
    async () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      const one = identityOf(child.pid!);
      expect(conditionOfProcess(one)).toBe('running');
      expect(conditionOfProcess({ ...one, started: '1' })).toBe('dead');
      child.kill('SIGSTOP');
      await expect.poll(() => conditionOfProcess(one)).toBe('paused');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect([conditionOfProcess(one), conditionOfProcess(null)]).toEqual(['dead', 'dead']);
    },
  );

  it('is told of its containers where they are all alike', () => {
    expect(conditionOfContainers(['running', 'restarting'])).toBe('running');
    expect(conditionOfContainers(['exited', 'dead'])).toBe('dead');
    expect([conditionOfContainers(['running', 'paused']), conditionOfContainers([])]).toEqual([null, null]);
  });
});
