import { afterEach, describe, expect, it, vi } from 'vitest';
import { interruptible, onInterrupt } from './interrupt.ts';

afterEach(() => vi.restoreAllMocks());

describe('Ctrl-C', () => {
  it('asks for an orderly end first and does not wait for it the second time', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    const { signal, release } = onInterrupt();
    expect(signal.aborted).toBe(false);
    process.emit('SIGINT');
    expect(signal.aborted).toBe(true);
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
    release();
  });

  it('is given back when the work is done', async () => {
    const before = process.listenerCount('SIGINT');
    expect(await interruptible(async () => 99)).toBe(99);
    await expect(
      interruptible(async () => {
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('ends with 130, whether the work stops in order or breaks off', async () => {
    const stopped = interruptible(async (signal) => {
      process.emit('SIGINT');
      return signal.aborted ? 0 : 1;
    });
    expect(await stopped).toBe(130);
    const brokenOff = interruptible(async (signal) => {
      process.emit('SIGTERM');
      signal.throwIfAborted();
      return 0;
    });
    expect(await brokenOff).toBe(130);
  });

  it('does not hide an error that came with it', async () => {
    const failed = interruptible(async () => {
      process.emit('SIGINT');
      throw new Error('the disk is full');
    });
    await expect(failed).rejects.toThrow('the disk is full');
  });
});
