import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { type Listing, type OutputFormat, printListing, renderListing, withOutputOption } from './output.ts';

interface Member {
  readonly name: string;
  readonly pods: number;
  readonly region?: string;
  readonly ready: boolean;
}

const members: readonly Member[] = [
  { name: 'm1', pods: 12, region: 'eu', ready: true },
  { name: 'm,2', pods: 3, ready: false },
];

const listing = (rows: readonly Member[]): Listing<Member> => ({
  columns: [
    { title: 'NAME', value: ({ name }) => name },
    {
      title: 'READY',
      value: ({ ready }) => ready,
      paint: (text, { green }, { ready }) => (ready ? green(text) : text),
    },
    { title: 'PODS', align: 'right', value: ({ pods }) => pods },
    { title: 'REGION NAME', wide: true, value: ({ region }) => region },
  ],
  rows,
  name: ({ name }) => `cluster/${name}`,
  document: () => ({ kind: 'List', items: rows }),
  empty: 'no clusters',
});

class Sink extends Writable {
  text = '';
  isTTY = false;
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function print(rows: readonly Member[], output: OutputFormat, color = 'never') {
  const streams = { out: new Sink(), notes: new Sink() };
  await printListing(listing(rows), { output, color }, streams);
  return { out: streams.out.text, notes: streams.notes.text };
}

describe('a listing', () => {
  it.each([
    ['table', 'NAME   READY   PODS\nm1     true      12\nm,2    false      3\n'],
    ['wide', 'NAME   READY   PODS   REGION NAME\nm1     true      12   eu\nm,2    false      3   <none>\n'],
    ['csv', 'name,ready,pods,region_name\nm1,true,12,eu\n"m,2",false,3,\n'],
    ['name', 'cluster/m1\ncluster/m,2\n'],
    [
      'yaml',
      'items:\n- name: m1\n  pods: 12\n  ready: true\n  region: eu\n- name: m,2\n  pods: 3\n  ready: false\nkind: List\n',
    ],
  ] as const)('is printed as %s', async (format, text) => {
    expect(await renderListing(listing(members), format)).toBe(text);
  });

  it('is printed as JSON', async () => {
    expect(JSON.parse(await renderListing(listing(members), 'json'))).toEqual({ kind: 'List', items: members });
  });

  it('is coloured where that was asked for, and only as a table', async () => {
    expect((await print(members, 'table', 'always')).out).toContain('m1     \u001b[32mtrue \u001b[39m     12');
    expect((await print(members, 'csv', 'always')).out).not.toContain('\u001b');
    expect((await print(members, 'table', 'auto')).out).not.toContain('\u001b');
  });

  it('of nothing says so beside the data, and is data all the same for programs', async () => {
    expect(await print([], 'table')).toEqual({ out: '', notes: 'no clusters\n' });
    expect(await print([], 'csv')).toEqual({ out: 'name,ready,pods,region_name\n', notes: '' });
    expect(await print([], 'name')).toEqual({ out: '', notes: '' });
  });
});

describe('-o', () => {
  const parse = (...words: string[]) =>
    withOutputOption(yargs().exitProcess(false).fail(false), ['table', 'json']).parse(words);

  it('is the first form unless another is asked for', () => {
    expect(parse()).toMatchObject({ output: 'table' });
    expect(parse('-o', 'json')).toMatchObject({ output: 'json' });
  });

  it('is refused where the command has no such form', () => {
    expect(() => parse('-o', 'csv')).toThrow(/csv.*table.*json/s);
  });
});
