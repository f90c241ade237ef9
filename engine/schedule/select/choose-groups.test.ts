import { describe, expect, it } from 'vitest';
import { chooseGroups, type Group, type GroupLimits } from './choose-groups.ts';

const groups = (...parts: readonly (readonly [string, number, number])[]): Group[] =>
  parts.map(([name, size, weight]) => ({ name, size, weight }));

const chosen = (given: readonly Group[], groupsMin: number, groupsMax: number, membersMin: number): string | null =>
  chooseGroups(given, { groupsMin, groupsMax, membersMin })
    ?.map(({ name }) => name)
    .join(' ') ?? null;

/** Every combination, one after the other, as Karmada goes through them; for small numbers of groups. */
function plainly(given: readonly Group[], { groupsMin, groupsMax, membersMin }: GroupLimits): string | null {
  const ordered = [...given].sort((a, b) => a.size - b.size || b.weight - a.weight || (a.name < b.name ? -1 : 1));
  const found: Group[][] = [];
  const visit = (begin: number, path: readonly Group[]): void => {
    const size = path.reduce((sum, group) => sum + group.size, 0);
    if (size >= membersMin && path.length >= groupsMin && path.length <= groupsMax) {
      found.push([...path]);
      return;
    }
    if (path.length >= groupsMax) return;
    for (let at = begin; at < ordered.length; at += 1) visit(at + 1, [...path, ordered[at]!]);
  };
  visit(0, []);
  const sum = (path: readonly Group[], of: 'weight' | 'size') => path.reduce((all, group) => all + group[of], 0);
  const heavier = (a: Group, b: Group) => b.weight - a.weight || (a.name < b.name ? -1 : 1);
  const sorted = found.map((path) => [...path].sort(heavier));
  let best: Group[] | null = null;
  for (const path of sorted) {
    const gain = best === null ? 1 : sum(path, 'weight') - sum(best, 'weight') || sum(path, 'size') - sum(best, 'size');
    if (gain > 0) best = path;
  }
  if (best === null) return null;
  const taken: readonly Group[] = best;
  const prefixes = sorted.filter(
    (path) => path.length < taken.length && path.every((group, at) => group === taken[at]),
  );
  const shortest = prefixes.sort((a, b) => a.length - b.length)[0] ?? taken;
  return shortest.map(({ name }) => name).join(' ');
}

describe('choosing groups', () => {
  const three = groups(['a', 2, 30], ['b', 3, 20], ['c', 5, 10]);

  it('takes the heaviest that together have the members', () => {
    expect(chosen(three, 1, 2, 4)).toBe('a b');
    expect(chosen(three, 1, 1, 4)).toBe('c');
    expect(chosen(three, 2, 2, 8)).toBe('b c');
  });

  it('finds nothing where no choice has enough groups or members', () => {
    expect(chosen(three, 4, 4, 1)).toBeNull();
    expect(chosen(three, 1, 2, 9)).toBeNull();
    expect(chosen([], 1, 1, 1)).toBeNull();
    expect(chosen(three, 2, 1, 1)).toBeNull();
  });

  it('breaks equal weights by members, then by name', () => {
    expect(chosen(groups(['a', 1, 10], ['b', 3, 10]), 1, 1, 1)).toBe('b');
    expect(chosen(groups(['b', 3, 10], ['a', 3, 10]), 1, 1, 1)).toBe('a');
  });

  it('takes the shorter choice where it begins the best one', () => {
    expect(chosen(groups(['a', 3, 50], ['b', 1, 40]), 1, 2, 3)).toBe('a');
  });

  it('equals going through all combinations', () => {
    let state = 7;
    const draw = (most: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % (most + 1);
    };
    for (let round = 0; round < 3000; round += 1) {
      const given = Array.from({ length: 1 + draw(6) }, (_, at) => ({
        name: `g${at}`,
        size: 1 + draw(4),
        weight: draw(3) * 10,
      }));
      const groupsMin = draw(3);
      const limits = { groupsMin, groupsMax: groupsMin + draw(3), membersMin: draw(9) };
      const ours =
        chooseGroups(given, limits)
          ?.map(({ name }) => name)
          .join(' ') ?? null;
      const wanted = plainly(given, limits);
      expect(`${JSON.stringify({ given, limits })} ${ours || null}`).toBe(
        `${JSON.stringify({ given, limits })} ${wanted || null}`,
      );
    }
  });

  it('answers for more groups than anyone could go through', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({
      name: `g${at}`,
      size: 1 + (at % 5),
      weight: (at * 37) % 101,
    }));
    const best = chooseGroups(many, { groupsMin: 3, groupsMax: 12, membersMin: 45 });
    expect(best!.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThanOrEqual(45);
    expect(best!.length).toBeLessThanOrEqual(12);
  });
});
