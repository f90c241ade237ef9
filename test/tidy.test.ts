// The layout's law, as an ordinary test.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayImport } from './tidy/layout.ts';
import { impurities } from './tidy/purity.ts';
import { importsOf, projectFiles, read, tokenize } from './tidy/source.ts';

const files = projectFiles();
const code = files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'));
const product = code.filter(
  (file) => !file.endsWith('.test.ts') && !file.startsWith('test/') && !file.startsWith('.ci/'),
);
const pure = product.filter((file) => file.startsWith('engine/'));
const LINES_MAX = 400;

describe('the engine', () => {
  it('imports nothing but itself and reaches for no clock, chance, timer, locale or output', () => {
    expect(pure.flatMap((file) => impurities(file, read(file)))).toEqual([]);
  });

  const offenders: readonly (readonly [string, string])[] = [
    ['a package', `import { parse } from 'yaml';`],
    ["Node's own modules", `import { readFileSync } from 'node:fs';`],
    ['a file outside', `import { x } from '../../executor/x.ts';`],
    ['a re-export from outside', `export { x } from '../../bench/x.ts';`],
    ['a dynamic import', `const later = import('./other.ts' + name);`],
    ['require', `const fs = require('fs');`],
    ['the clock', 'const now = Date.now();'],
    ['a new date', 'const now = new Date();'],
    ['chance', 'const drawn = Math.random();'],
    ['chance by another spelling', `const drawn = Math['random']();`],
    ['chance taken apart', 'const { random } = Math;'],
    ['chance passed on', 'const source = Math; source.random();'],
    ['a timer', 'setTimeout(run, 10);'],
    ['the process', 'process.exit(1);'],
    ['output', `console.log('here');`],
    ['a global by the back door', `globalThis['Date'].now();`],
    ['a locale', 'names.sort((a, b) => a.localeCompare(b));'],
    ['a locale by brackets', `a['localeCompare'](b);`],
    ['number formats', 'new Intl.NumberFormat().format(1);'],
    ['waiting', 'export async function run() { await later(); }'],
    ['code from text', `eval('1 + 1');`],
    ['a clock inside a template', ['const text = `now $', '{Date.now()}`;'].join('')],
  ];
  for (const [what, source] of offenders) {
    it(`would not get away with ${what}`, () => {
      expect(impurities('engine/kube/offender.ts', source)).not.toEqual([]);
    });
  }

  it('may speak of what it may not use', () => {
    const innocent = [
      '// Date and Math.random are banned here.',
      `import { byText } from '../base/order.ts';`,
      `const message = 'no console, no process';`,
      ['const text = `Date: $', '{Math.max(1, 2)}`;'].join(''),
      'const pattern = /Date|process/g;',
      'interface Shape { process: string; readonly Date: number }',
      'const found = shape.process + shape.Date;',
    ].join('\n');
    expect(impurities('engine/kube/innocent.ts', innocent)).toEqual([]);
  });
});

describe('the layout', () => {
  it('lets imports point one way only', () => {
    const problems = product.flatMap((file) =>
      importsOf(tokenize(read(file))).flatMap(({ target, line }) => {
        const problem = target === null ? null : mayImport(file, target);
        return problem === null ? [] : [`${file}:${line} ${problem}`];
      }),
    );
    expect(problems).toEqual([]);
  });

  it('would notice an import that points the other way', () => {
    expect(mayImport('engine/kube/meta.ts', '../schedule/schedule.ts')).not.toBeNull();
    expect(mayImport('engine/store/store.ts', '../fleet/fleet.ts')).not.toBeNull();
    expect(mayImport('executor/commands/plan.ts', '../../engine/kube/meta.ts')).not.toBeNull();
    expect(mayImport('scenarios/replay.ts', '../executor/members/kind.ts')).not.toBeNull();
    expect(mayImport('executor/driver.ts', '../scenarios/replay.ts')).not.toBeNull();
    expect(mayImport('scenarios/load.ts', '../executor/files/yaml.ts')).toBeNull();
    expect(mayImport('engine/schedule/schedule.ts', '../fleet/fleet.ts')).toBeNull();
  });

  it('keeps each file short, or says in its header why it is one piece', () => {
    const long = product.filter((file) => {
      const lines = read(file).split('\n');
      return lines.length > LINES_MAX && !lines.slice(0, 12).join(' ').includes('one piece');
    });
    expect(long).toEqual([]);
  });

  it('begins each file with a sentence that says what it does', () => {
    expect(product.filter((file) => !/^(#!.*\n)?(\/\/|\/\*)/.test(read(file)))).toEqual([]);
  });

  it('has no file that nothing uses', () => {
    const used = new Set(
      code.flatMap((file) => importsOf(tokenize(read(file))).map(({ target }) => resolve(file, target))),
    );
    const entries = ['cli.ts', 'engine/index.ts'];
    // Workers are started by their built name.
    const started = product.filter((file) =>
      product.some((other) => read(other).includes(`./${posix.basename(file, '.ts')}.js'`)),
    );
    expect(product.filter((file) => !used.has(file) && !entries.includes(file) && !started.includes(file))).toEqual([]);
  });

  it('names files by what is in them', () => {
    const parts = (file: string) => file.split('/').map((part) => part.replace(/(\.test)?\.ts$/, ''));
    expect(code.filter((file) => parts(file).some((part) => /^(utils?|helpers?|common|misc)$/.test(part)))).toEqual([]);
    expect(product.filter((file) => !/^[a-z0-9/.-]+$/.test(file))).toEqual([]);
  });
});

describe('the words', () => {
  const banned: readonly (readonly [RegExp, string])[] = [
    [/\b(TODO|FIXME|XXX|HACK)\b/, 'do it, or say it where it is decided'],
    [/\/(work|root|home)\/[a-z]/, 'a path from the project, not of a machine'],
    [/registry\.npmjs|unpkg\.com|jsdelivr/, 'a package by its name'],
  ];
  for (const [pattern, instead] of banned) {
    it(`hold no ${pattern.source}: ${instead}`, () => {
      const own = (file: string) => file === 'test/tidy.test.ts';
      expect(product.filter((file) => !own(file) && pattern.test(read(file)))).toEqual([]);
    });
  }
});

describe('the types', () => {
  it('never give up: no any', () => {
    const givesUp = (file: string) => {
      const tokens = tokenize(read(file));
      return tokens.some(
        ({ kind, value }, at) =>
          kind === 'word' &&
          value === 'any' &&
          [':', '<', 'as', '|', ','].includes(tokens[at - 1]?.value ?? '') &&
          tokens[at + 1]?.value !== ':',
      );
    };
    expect(code.filter(givesUp)).toEqual([]);
  });
});

describe('the packages', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

  it('are pinned exactly', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are locked without naming where they were downloaded', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });
});

function resolve(file: string, target: string | null): string {
  return target === null ? '' : posix.join(posix.dirname(file), target);
}
