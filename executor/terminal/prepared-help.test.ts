import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparedHelp, prepareHelp } from './prepared-help.ts';

let folder = '';
let build: URL;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-help-'));
  build = pathToFileURL(`${folder}/`);
  writeFileSync(join(folder, 'cli.js'), '');
  prepareHelp({ plan: 'muster plan\n' }, build);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('help that the build has written down', () => {
  it('is that of the command', () => {
    expect(preparedHelp('plan', undefined, build)).toBe('muster plan\n');
    expect(preparedHelp('plan', 200, build)).toBe('muster plan\n');
    expect(preparedHelp('toString', 200, build)).toBeNull();
  });

  it('is too wide for a narrow terminal', () => {
    expect(preparedHelp('plan', 80, build)).toBeNull();
  });

  it('is not that of a build that came later, or of sources', () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(folder, 'cli.js'), later, later);
    expect(preparedHelp('plan', undefined, build)).toBeNull();
    rmSync(join(folder, 'cli.js'));
    expect(preparedHelp('plan', undefined, build)).toBeNull();
    expect(() => prepareHelp({}, build)).toThrow('ENOENT');
  });
});
