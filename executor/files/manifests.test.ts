import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatFileProblem } from './file-problem.ts';
import { loadManifests, readManifests } from './manifests.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const namesIn = async (names: string[], options = {}) =>
  (await loadManifests(names, options)).map(({ object }) => object.metadata.name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  write('dir/b.yml', configMap('b'));
  write('dir/B.yaml', configMap('B1'));
  write('dir/10.json', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ten' } }));
  write('dir/9.yaml', `${configMap('nine')}---\n${configMap('nine-two')}`);
  write('dir/notes.txt', 'not yaml: [');
  write('dir/below/c.yaml', configMap('c'));
  symlinkSync(at('dir'), at('dir/below/circle.yaml'));
  mkdirSync(at('empty'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('manifests', () => {
  it('come from a directory in the order of its file names, and from below it only when asked', async () => {
    expect(await namesIn([at('dir')])).toEqual(['ten', 'nine', 'nine-two', 'B1', 'b']);
    expect(await namesIn([at('dir')], { recursive: true })).toEqual(['ten', 'nine', 'nine-two', 'B1', 'b', 'c']);
  });

  it('come from files and standard input in the order of their names', async () => {
    const stdin = Readable.from([Buffer.from(configMap('piped'))]);
    expect(await namesIn([at('dir/b.yml'), '-', at('dir/B.yaml')], { stdin })).toEqual(['b', 'piped', 'B1']);
  });

  it('are taken out of lists, with their place in the file', () => {
    const text = [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}',
      '- apiVersion: apps/v1',
      '  kind: DeploymentList',
      '  items:',
      '  - metadata:',
      '      name: b',
      '    spec: {replicas: 2}',
    ].join('\n');
    const { manifests, problems } = readManifests(text, 'f.yaml');
    expect(problems).toEqual([]);
    expect(manifests.map(({ object }) => [object.apiVersion, object.kind, object.metadata.name])).toEqual([
      ['v1', 'ConfigMap', 'a'],
      ['apps/v1', 'Deployment', 'b'],
    ]);
    const { origin } = manifests[1]!;
    expect(origin).toMatchObject({ file: 'f.yaml', document: 0, path: 'items[1].items[0]' });
    expect(origin.place('spec.replicas')).toEqual({ file: 'f.yaml', line: 10, column: 22 });
    expect(origin.place()).toMatchObject({ line: 8 });
  });

  it('that are none are told by their place and what they lack, all at once', () => {
    const text = [
      'kind: Pod',
      'metadata: {labels: {canary: yes}}',
      '---',
      '- 1',
      '---',
      'apiVersion: v1',
      'kind: List',
      'items: [{apiVersion: v1, kind: 5, metadata: {name: a}}]',
      '---',
      'a: 1',
      'a: 2',
    ].join('\n');
    const { manifests, problems } = readManifests(text, 'f.yaml');
    expect(manifests).toEqual([]);
    expect(problems.map(formatFileProblem)).toEqual([
      'f.yaml:1:1: apiVersion is missing',
      'f.yaml:2:1: metadata.name is missing',
      'f.yaml:2:29: metadata.labels.canary is true, and should be a text',
      'f.yaml:4:1: the object is a list, and should be an object',
      'f.yaml:8:32: items[0].kind is 5, and should be a text that is not empty',
      'f.yaml:11:1: a is here for the second time',
    ]);
  });

  it('of all files are checked before the first mistake is told', async () => {
    write('bad/1.yaml', 'a: [');
    write('bad/2.yaml', `${configMap('x')}---\nkind: Pod\n`);
    write('bad/3.yaml', configMap('x'));
    await expect(loadManifests([at('bad')])).rejects.toThrow(
      new RegExp(
        [
          '^\\S*1\\.yaml:1:5: a.* cannot be read: .*',
          '\\S*2\\.yaml:6:1: apiVersion is missing',
          '\\S*2\\.yaml:6:1: metadata is missing',
          '\\S*3\\.yaml:1:1: ConfigMap x is in \\S*2\\.yaml:1 already$',
        ].join('\n'),
      ),
    );
  });

  it.each([
    ['absent', /^cannot read .*absent: it does not exist$/],
    ['empty', /^.*empty holds no manifests: files that end in/],
    ['dir/notes.txt/x', /a part of its path is no directory$/],
  ])('cannot come from %s', async (name, message) => {
    await expect(loadManifests([at(name)])).rejects.toThrow(message);
  });

  it('are not fetched from the network', async () => {
    await expect(loadManifests(['https://example.com/a.yaml'])).rejects.toThrow('fetch it first');
  });
});
