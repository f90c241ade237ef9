import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

let folder: string;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-text-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a text', () => {
  it('is read in whole, without a byte order mark', async () => {
    expect(await readText(file('a', 'x\né'))).toBe('x\né');
    expect(await readText(file('b', '\ufeffa: 1'))).toBe('a: 1');
    const stdin = Readable.from([Buffer.from([0xc3]), Buffer.from([0xa9])]);
    expect(await readText('-', { stdin })).toBe('é');
  });

  it('is refused when it is too long, no UTF-8, or not there', async () => {
    await expect(readText(file('c', '123456'), { bytesMax: 5 })).rejects.toThrow(/c is longer than 5 bytes$/);
    await expect(readText(file('d', Buffer.from([0xff])))).rejects.toThrow(/d is not UTF-8 text$/);
    await expect(readText(folder)).rejects.toThrow(/it is a directory$/);
    const stdin = Readable.from([Buffer.from('123456')]);
    await expect(readText('-', { stdin, bytesMax: 5 })).rejects.toThrow('standard input is longer than 5 bytes');
  });
});
