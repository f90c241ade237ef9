import { describe, expect, it } from 'vitest';
import { impurities } from './purity.ts';

const found = (source: string) => impurities('engine/kube/offender.ts', source.replaceAll('@{', '${'));

describe('the purity checker', () => {
  it.each([
    ['a package', `import { parse } from 'yaml';`],
    ["Node's own modules", `import { readFileSync } from 'node:fs';`],
    ['a module for its effects', `import 'node:process';`],
    ['a file outside', `import { x } from '../../executor/x.ts';`],
    ['a type from outside', `import type { X } from '../../executor/x.ts';`],
    ['a re-export from outside', `export { x } from '../../bench/x.ts';`],
    ['everything from outside', `export * from '../../bench/x.ts';`],
    ['an import over lines', `import {\n  a,\n} from 'yaml';`],
    ['a dynamic import', `const later = import('./other.ts');`],
    ['a computed import', `const later = import('./other.ts' + name);`],
    ['an imported type in place', `let x: import('yaml').Document;`],
    ['require', `const fs = require('fs');`],
    ['the clock', 'const now = Date.now();'],
    ['a new date', 'const now = new Date();'],
    ['the clock as a value', 'const clock = Date;'],
    ['the clock as an argument', 'tell(Date, 1);'],
    ['the clock in a choice', 'const clock = fixed ? own : Date;'],
    ['the clock as the first choice', 'const clock = fixed ? Date : own;'],
    ['the clock in shorthand', 'const ports = { Date };'],
    ['the clock spread', 'const ports = [...Date];'],
    ['the clock inside a template', 'const text = `now @{Date.now()}`;'],
    ['the clock inside a template in a template', 'const text = `@{`@{Date.now()}`}`;'],
    ['the clock between regular expressions', `if (x) /'/.test(y); Date.now(); /'/.test(z);`],
    ['the clock after a division', 'const rest = a! / 2 + Date.now() / 3;'],
    ['the clock after a number', 'const text = 5 + Date.now();'],
    ['the clock in an escaped name', 'const now = D\\u0061te.now();'],
    ['what follows a text that looks like a comment', `const a = '/*'; Date.now(); const b = '*/';`],
    ['what follows a text with a quote', `const a = 'it\\'s'; Date.now();`],
    ['chance', 'const drawn = Math.random();'],
    ['chance in brackets', `const drawn = Math['random']();`],
    ['chance in brackets of a template', 'const drawn = Math[`random`]();'],
    ['chance through a doubtful chain', 'const drawn = Math?.random();'],
    ['chance taken apart', 'const { random } = Math;'],
    ['chance passed on', 'const source = Math; source.random();'],
    ['a logarithm', 'const bits = Math.log2(size);'],
    ['a timer', 'setTimeout(run, 10);'],
    ['the process', 'process.exit(1);'],
    ['the arguments of the process', 'const all = [...process.argv];'],
    ['output', `console.log('here');`],
    ['a global by the back door', `globalThis['Date'].now();`],
    ['a constructor by the back door', `(() => 1).constructor('return Date')();`],
    ['a constructor by brackets', `(() => 1)['constructor']('return Date')();`],
    ['where it was loaded from', 'const here = import.meta.url;'],
    ['a locale', 'names.sort((a, b) => a.localeCompare(b));'],
    ['a locale by brackets', `a['localeCompare'](b);`],
    ['a locale by escaped brackets', `a['locale\\u0043ompare'](b);`],
    ['a locale taken apart', `const { localeCompare } = '';`],
    ['a number in words', '(5).toLocaleString();'],
    ['a number in words of its own', '0.5.toLocaleString();'],
    ['number formats', 'new Intl.NumberFormat().format(1);'],
    ['waiting', 'export async function run() {}'],
    ['a promise', 'const later: Promise<void> = x;'],
    ['code from text', `eval('1 + 1');`],
    ['a function from text', `new Function('return 1');`],
    ['a variable of the module', 'let count = 0;'],
    ['an empty map of the module', 'const seen = new Map<string, readonly number[]>();'],
    ['an empty set of the module', 'export const seen: Set<string> = new Set();'],
    ['a text that never ends', `const a = 'x`],
  ])('finds %s', (_, source) => {
    expect(found(source)).not.toEqual([]);
  });

  it('says where, and what to use instead', () => {
    expect(found(`// first\nconst now = Date.now();\n\nsetTimeout(now);`)).toEqual([
      'engine/kube/offender.ts:2 uses Date: use the time that is passed in, and kube/time.ts',
      'engine/kube/offender.ts:4 uses setTimeout: use a requeue; drivers wait',
    ]);
  });

  it.each([
    ['comments', '// Date and Math.random() are banned here.\n/* process.exit() */'],
    ['texts', `const message = 'no console, no process, no Date.now()';`],
    ['texts in templates', 'const text = `Date: @{Math.max(1, 2)} setTimeout`;'],
    ['regular expressions', 'const pattern = /Date|process[/]"\'/g;'],
    ['members', 'const found = shape.process + shape.Date + shape?.console;'],
    ['fields', 'interface Shape { process: string; readonly Date?: number }'],
    ['keys', `const shape = { process: 1, 'Date': 2, fetch: 3 };`],
    ['parameters', 'const f = (crypto: string, performance?: number): void => {};'],
    ['seeded chance that is passed in', 'const drawn = this.#random.below(6) + ports.random.below(6);'],
    ['lists of texts', `const banned = ['localeCompare', 'random', 'constructor'];`],
    ['neighbours', `import { byText } from '../base/order.ts';\nexport type { X } from './x.ts';`],
    ['exact arithmetic', 'const n = Math.max(1, Math.floor(x / 2), Math.imul(3, 4));'],
    ['constructors', 'class A { constructor() {} }'],
    ['variables inside', 'function f() { let n = 0; const seen = new Map(); return n; }'],
    ['tables', `const UNITS: ReadonlyMap<string, number> = new Map([['k', 1]]);`],
    ['words that contain them', 'const DateLine = 1; const processed = updateDate;'],
  ])('lets %s be', (_, source) => {
    expect(found(source)).toEqual([]);
  });
});
