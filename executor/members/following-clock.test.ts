import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FollowingClock } from './following-clock.ts';

const START = 1_000_000;

describe('a clock that follows the wall', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs what is due when it is due, the sooner first, however late that was planned', () => {
    const clock = new FollowingClock(() => Date.now());
    const history: string[] = [];
    const note = (what: string) => () => void history.push(`${what} at ${clock.now - START}`);
    clock.after(5_000, note('late'));
    clock.after(100, () => {
      note('soon')();
      clock.after(0, note('at once'));
      clock.after(400, note('next'));
    });
    vi.advanceTimersByTime(99);
    expect(history).toEqual([]);
    vi.advanceTimersByTime(6_000);
    expect(history).toEqual(['soon at 100', 'at once at 100', 'next at 500', 'late at 5000']);
    clock.stop();
  });

  it('counts from now, however long it was silent', () => {
    const clock = new FollowingClock(() => Date.now());
    vi.advanceTimersByTime(60_000);
    let ranAt = 0;
    clock.after(1_000, () => {
      ranAt = clock.now - START;
    });
    vi.advanceTimersByTime(2_000);
    expect(ranAt).toBe(61_000);
  });

  it('wakes nobody while nothing is due, nor once it has stopped', () => {
    const clock = new FollowingClock(() => Date.now());
    expect(vi.getTimerCount()).toBe(0);
    clock.after(1_000, () => {});
    clock.after(2_000, () => {});
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3_000);
    expect(vi.getTimerCount()).toBe(0);
    clock.after(1_000, () => {});
    clock.stop();
    clock.after(500, () => {});
    expect(vi.getTimerCount()).toBe(0);
  });
});
