import { describe, expect, it } from 'vitest';
import { mayImport } from './layout.ts';
import { importsOf, reachableFrom, resolveImport } from './source.ts';
import { tokenize } from './tokens.ts';

describe('the ranks', () => {
  it.each([
    ['engine/kube/meta.ts', '../schedule/schedule.ts'],
    ['engine/base/order.ts', '../kube/meta.ts'],
    ['engine/store/store.ts', '../fleet/fleet.ts'],
    ['engine/fleet/fleet.ts', '../store/store.ts'],
    ['engine/propagate/match.ts', '../fleet/fleet.ts'],
    ['engine/propagate/interpret/native/job.ts', '../../../schedule/schedule.ts'],
    ['engine/schedule/schedule.ts', '../store/store.ts'],
    ['engine/control/step.ts', '../controllers/policies/detector.ts'],
    ['engine/simulate/world.ts', '../controllers/index.ts'],
    ['engine/simulate/world.ts', '../index.ts'],
    ['engine/newcomer/x.ts', '../base/order.ts'],
    ['engine/kube/meta.ts', '../../executor/files/yaml.ts'],
    ['executor/commands/plan.ts', '../../engine/kube/meta.ts'],
    ['executor/driver.ts', '../scenarios/replay.ts'],
    ['executor/driver.ts', '../bench/compare.ts'],
    ['executor/driver.ts', '../test/builders/cluster.ts'],
    ['scenarios/replay.ts', '../executor/apiserver/server.ts'],
    ['scenarios/replay.ts', '../engine/schedule/schedule.ts'],
    ['bench/input.ts', '../engine/fleet/fleet.ts'],
    ['bench/input.ts', '../cli.ts'],
    ['cli.ts', './engine/fleet/fleet.ts'],
    ['newcomer/x.ts', '../engine/index.ts'],
    ['executor/driver.ts', './files/yaml'],
  ])('do not let %s import %s', (file, target) => {
    expect(mayImport(file, target)).not.toBeNull();
  });

  it.each([
    ['engine/schedule/schedule.ts', '../fleet/fleet.ts'],
    ['engine/schedule/filter/taint.ts', '../decision.ts'],
    ['engine/controllers/scheduling/scheduler.ts', '../../control/controller.ts'],
    ['engine/index.ts', './simulate/world.ts'],
    ['executor/commands/plan.ts', '../../engine/index.ts'],
    ['executor/commands/plan.ts', '../members/kind.ts'],
    ['scenarios/load.ts', '../executor/files/yaml.ts'],
    ['scenarios/report/text.ts', '../../executor/terminal/table.ts'],
    ['bench/hub.ts', '../executor/apiserver/hub.ts'],
    ['cli.ts', './bench/benches.ts'],
    ['executor/driver.ts', 'node:fs'],
    ['executor/driver.ts', 'yaml'],
  ])('let %s import %s', (file, target) => {
    expect(mayImport(file, target)).toBeNull();
  });
});

describe('the imports of a source', () => {
  it('are found in all their forms, with when they load', () => {
    const source = [
      `import a, { type B } from './a.ts';`,
      `import type { C } from './c.ts';`,
      `import type from './type.ts';`,
      `import {\n  d,\n} from './d.ts';`,
      `import './e.ts';`,
      `export * from './f.ts';`,
      `export type { G } from './g.ts';`,
      'const h = await import(`./h.ts`);',
      `const i = import('./i.ts' + name);`,
      `const from = Array.from('./j.ts'); x.import('./k.ts');`,
      `// import './l.ts'`,
    ].join('\n');
    expect(importsOf(tokenize(source)).map(({ target, when }) => [target, when])).toEqual([
      ['./a.ts', 'first'],
      ['./c.ts', 'type'],
      ['./type.ts', 'first'],
      ['./d.ts', 'first'],
      ['./e.ts', 'first'],
      ['./f.ts', 'first'],
      ['./g.ts', 'type'],
      ['./h.ts', 'later'],
      [null, 'later'],
    ]);
  });

  it('lead to files', () => {
    expect(resolveImport('engine/kube/meta.ts', '../base/order.ts')).toBe('engine/base/order.ts');
    expect(resolveImport('cli.ts', 'yargs')).toBeNull();
    const files = new Set(['cli.ts', 'executor/terminal/command-line.ts', 'bench/benches.ts', 'bench/absent.ts']);
    const reached = reachableFrom(['cli.ts'], files);
    expect(reached).toContain('executor/terminal/command-line.ts');
    expect(reached).toContain('bench/benches.ts');
    expect(reached).not.toContain('bench/absent.ts');
  });
});
