import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { copyLog, SharedOutput } from './log-copy.ts';

function output(): { out: SharedOutput; heard: () => string } {
  const stream = new PassThrough();
  let heard = '';
  stream.on('data', (chunk) => (heard += String(chunk)));
  return { out: new SharedOutput(stream), heard: () => heard };
}

const log = (...chunks: readonly (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

it('copies what is alone as it is', async () => {
  const { out, heard } = output();
  await copyLog(log('a\n\nb', 'c\n', 'no end'), '', out);
  expect(heard()).toBe('a\n\nbc\nno end');
});

it('says of each whole line where it is from, however it comes', async () => {
  const { out, heard } = output();
  const letter = Buffer.from('ä');
  await copyLog(log('a', 'b\n\n', letter.subarray(0, 1), letter.subarray(1), '\nrest'), '[x] ', out);
  expect(heard()).toBe('[x] ab\n[x] \n[x] ä\n[x] rest\n');
});

it('never mixes lines of two', async () => {
  const { out, heard } = output();
  await Promise.all([copyLog(log('a1 ', 'a2\n'), '[a] ', out), copyLog(log('b1 ', 'b2\n'), '[b] ', out)]);
  expect(heard().split('\n').sort()).toEqual(['', '[a] a1 a2', '[b] b1 b2']);
});

it('tells what broke off', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('a\n');
      throw new Error('gone');
    })(),
  );
  await expect(copyLog(broken, '', output().out)).rejects.toThrow('gone');
});
