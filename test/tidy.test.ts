// The layout's law, as an ordinary test: what a file may import, how it begins, how long it is, and which words it avoids.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayImport } from './tidy/layout.ts';
import { impurities } from './tidy/purity.ts';
import { importsOf, projectFiles, reachableFrom, read, resolveImport, tokensOf } from './tidy/source.ts';
import { UnreadableSource } from './tidy/tokens.ts';
import { BANNED_PHRASES } from './tidy/words.ts';

const files = projectFiles();
const code = files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'));
const isTest = (file: string): boolean => file.endsWith('.test.ts');
/** What ships. */
const product = code.filter((file) => /^(engine|executor|scenarios|bench)\/|^cli\.ts$/.test(file) && !isTest(file));

const LINES_MAX = 400;

describe('the sources', () => {
  it('can be read without guessing', () => {
    const unreadable = code.flatMap((file) => {
      try {
        tokensOf(file);
        return [];
      } catch (error) {
        if (error instanceof UnreadableSource) return [`${file} ${error.message}`];
        throw error;
      }
    });
    expect(unreadable).toEqual([]);
  });
});

describe('the engine', () => {
  const pure = product.filter((file) => file.startsWith('engine/'));

  it('imports nothing but itself and reaches for no clock, chance, timer, locale or output', () => {
    expect(pure.length).toBeGreaterThan(100);
    expect(pure.flatMap((file) => impurities(file, read(file)))).toEqual([]);
  });

  it('has a public face that only passes on', () => {
    const words = tokensOf('engine/index.ts').filter(({ kind }) => kind === 'word');
    const makes = words.filter(({ value }) => ['const', 'function', 'class', 'interface', 'import'].includes(value));
    expect(makes.map(({ value, line }) => `engine/index.ts:${line} has a ${value}: give it a file of its own`)).toEqual(
      [],
    );
  });
});

describe('the layout', () => {
  it('lets imports point one way only', () => {
    const wrong = product.flatMap((file) =>
      importsOf(tokensOf(file)).flatMap(({ target, line }) => {
        const problem = target === null ? null : mayImport(file, target);
        return problem === null ? [] : [`${file}:${line} ${problem}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('loads only what prints help before a command is chosen', () => {
    const before = loadedFirst('cli.ts');
    const heavy = before.filter((target) => !/^(cli\.ts|executor\/terminal\/.*|node:.*)$/.test(target));
    expect(heavy.map((target) => `cli.ts loads ${target} at once: import it where it is used`)).toEqual([]);
  });

  it('keeps each file short, or says in its header why it is one piece', () => {
    const long = code
      .filter((file) => !isTest(file))
      .flatMap((file) => {
        const lines = read(file).split('\n');
        const excused = /one piece/.test(lines.slice(0, 15).join(' '));
        return lines.length > LINES_MAX && !excused
          ? [`${file} has ${lines.length} lines of at most ${LINES_MAX}`]
          : [];
      });
    expect(long).toEqual([]);
  });

  it('begins each file with a sentence that says what it does', () => {
    const silent = code.filter((file) => !isTest(file) && !/^(#!.*\n)?(\/\/ |\/\*\*?\s)\S/.test(read(file)));
    expect(silent.map((file) => `${file} begins without a comment that says what it does`)).toEqual([]);
  });

  it('has no file that nothing leads to', () => {
    const main = /^(cli\.ts|engine\/index\.ts|executor\/members\/embedded-process\.ts|test\/.*)$/;
    const entries = code.filter((file) => main.test(file) || isTest(file));
    const reached = reachableFrom(entries, new Set(code));
    const dead = product.filter((file) => !reached.has(file));
    expect(dead.map((file) => `${file} is reached neither from cli.ts nor engine/index.ts nor a test`)).toEqual([]);
  });

  it('names files by what is in them', () => {
    const vague = /^(utils?|helpers?|common|misc|stuff|lib|tools?)$/;
    const parts = (file: string) => file.split('/').map((part) => part.replace(/(\.test)?\.ts$/, ''));
    expect(code.filter((file) => parts(file).some((part) => vague.test(part)))).toEqual([]);
    expect(code.filter((file) => !/^[a-z0-9/.-]+$/.test(file))).toEqual([]);
  });

  it('has at its top only what the design puts there', () => {
    const top = new Set(files.map((file) => file.split('/')[0]!).filter((name) => !name.startsWith('.')));
    const folders = ['bench', 'engine', 'executor', 'scenarios', 'test'];
    const single = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'cli.ts',
      'package-lock.json',
      'package.json',
      'tsconfig.json',
    ];
    expect([...top].filter((name) => ![...folders, ...single].includes(name))).toEqual([]);
  });
});

describe('the words', () => {
  /** Recorded answers are others' words, and this law has to name what it bans. */
  const texts = files.filter(
    (file) =>
      !/^(LICENSE|test\/tidy\/words\.ts)$|^test\/(conformance\/cases|contracts\/kube-wire)\/.*\.gz$|\.(gz|png|ico|woff2?)$/.test(
        file,
      ),
  );

  for (const { pattern, where, instead } of BANNED_PHRASES) {
    it(`hold no ${pattern.source}: ${instead}`, () => {
      const wrong = texts
        .filter((file) => where.test(file))
        .flatMap((file) =>
          read(file)
            .split('\n')
            .flatMap((line, at) =>
              pattern.test(line) ? [`${file}:${at + 1} ${line.trim().slice(0, 80)}: ${instead}`] : [],
            ),
        );
      expect(wrong).toEqual([]);
    });
  }
});

describe('the types', () => {
  it('never give up: unknown where nothing is known, not any', () => {
    const wrong = code.flatMap((file) =>
      tokensOf(file).flatMap(({ kind, value, line }, at, tokens) => {
        const before = tokens[at - 1]?.value ?? '';
        const isType = kind === 'word' && value === 'any' && [':', '<', 'as', '|', ',', '=', '('].includes(before);
        return isType && tokens[at + 1]?.value !== ':' ? [`${file}:${line} says any: say unknown`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('have names wherever they are exported', () => {
    const configured = /^(test\/vitest\.config\.ts|\.ci\/.*)$/;
    const nameless = code
      .filter((file) => !configured.test(file))
      .flatMap((file) =>
        tokensOf(file).flatMap(({ kind, value, line }, at, tokens) =>
          kind === 'word' && value === 'export' && tokens[at + 1]?.value === 'default'
            ? [`${file}:${line} exports a default: export a name`]
            : [],
        ),
      );
    expect(nameless).toEqual([]);
  });
});

describe('the packages', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

  it('are pinned exactly', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const loose = versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose.map(([name, version]) => `${name} is ${version}: pin one version`)).toEqual([]);
  });

  it('are locked without naming where they were downloaded', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved"\s*:/);
  });

  it('are locked for every platform, without which "npm ci" refuses a fresh clone', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const isLocked = (holder: string, name: string): boolean => {
      if (`${holder === '' ? '' : `${holder}/`}node_modules/${name}` in packages) return true;
      return holder !== '' && isLocked(holder.slice(0, Math.max(0, holder.lastIndexOf('/node_modules/'))), name);
    };
    const missing = Object.entries(packages).flatMap(([holder, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(holder, name))
        .map((name) => `${holder} may need ${name}: give package-lock.json an entry for it`),
    );
    expect(missing).toEqual([]);
  });
});

/** Every module that loads before anything runs: followed over static imports, packages and Node's own by name. */
function loadedFirst(entry: string): string[] {
  const loaded = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    if (!code.includes(file)) continue;
    for (const { target, when } of importsOf(tokensOf(file))) {
      if (when === 'first' && target !== null) open.push(resolveImport(file, target) ?? target);
    }
  }
  return [...loaded].map((file) => posix.normalize(file)).sort();
}
