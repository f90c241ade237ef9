import { describe, expect, it } from 'vitest';
import { severalAtOnce } from './several-at-once.ts';

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('many things', () => {
  it('are done several at once, and answered in their order', async () => {
    let [underWay, most] = [0, 0];
    const items = Array.from({ length: 100 }, (_, at) => at);
    const results = await severalAtOnce(items, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await pause();
      underWay -= 1;
      return item * 2;
    });
    expect(results).toEqual(items.map((item) => item * 2));
    expect(most).toBe(16);
    expect(await severalAtOnce([], async () => 1)).toEqual([]);
  });

  it('end with the first failure', async () => {
    let begun = 0;
    const running = severalAtOnce(
      Array.from({ length: 100 }, (_, at) => at),
      async (item) => {
        begun += 1;
        await pause();
        if (item === 3) throw new Error('three');
      },
    );
    await expect(running).rejects.toThrow('three');
    await pause();
    expect(begun).toBeLessThan(60);
  });
});
