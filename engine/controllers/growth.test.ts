// What a change costs does not grow with the fleet: a fleet twice as large takes twice as many steps to found.
import { describe, expect, it } from 'vitest';
import { controlPlane } from '../../test/builders/control-plane.ts';

const namesOf = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `m${at + 1}`);

/** Steps by controller until a fleet of so many clusters is known and quiet. */
function stepsToFound(count: number): ReadonlyMap<string, number> {
  const steps = new Map<string, number>();
  const plane = controlPlane({
    clusters: namesOf(count),
    trace: (line) => {
      if (line.type === 'step') steps.set(line.controller, (steps.get(line.controller) ?? 0) + 1);
    },
  });
  plane.simulation.runFor(30_000);
  return steps;
}

describe('founding a fleet', () => {
  it('takes each controller as many steps more for every cluster more', () => {
    const [small, middle, large] = [stepsToFound(8), stepsToFound(16), stepsToFound(32)];
    for (const [controller, most] of large) {
      const first = (middle.get(controller) ?? 0) - (small.get(controller) ?? 0);
      const second = most - (middle.get(controller) ?? 0);
      expect(second, controller).toBeLessThanOrEqual(2.5 * first + 8);
    }
  });
});
