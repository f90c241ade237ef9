import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmed } from './confirm.ts';

async function answering(text: string, isTTY = true): Promise<{ isYes: boolean; shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const asked = confirmed('2 to create: go on?', input, output);
  input.write(text);
  const isYes = await asked;
  return { isYes, shown: String(output.read() ?? '') };
}

describe('a question', () => {
  it('is answered by whoever is there', async () => {
    expect(await answering('y\n')).toEqual({ isYes: true, shown: '2 to create: go on? [y/N] ' });
    expect((await answering(' Yes \n')).isYes).toBe(true);
    expect((await answering('\n')).isYes).toBe(false);
    expect((await answering('no\n')).isYes).toBe(false);
  });

  it('is refused where nobody is', async () => {
    await expect(answering('y\n', false)).rejects.toThrow('say --yes');
  });
});
