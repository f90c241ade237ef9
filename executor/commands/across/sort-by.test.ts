import { expect, it } from 'vitest';
import { sortedBy } from './sort-by.ts';

const sorted = (field: string, ...values: readonly unknown[]) =>
  sortedBy(values, field, (size) => ({ metadata: { name: 'x' }, size })).map(String);

it('sorts amounts by how much they are, and words by their letters', () => {
  expect(sorted('.size', 10, 9, 100)).toEqual(['9', '10', '100']);
  expect(sorted('{.size}', '1Gi', '900Mi', '10Gi')).toEqual(['900Mi', '1Gi', '10Gi']);
  expect(sorted('size', '9', '10', 'nine')).toEqual(['10', '9', 'nine']);
});

it('has those without the field first, and the others as they came where it is the same', () => {
  const all = [{ name: 'a', size: 2 }, { name: 'b', size: 1 }, { name: 'c' }, { name: 'd', size: 1 }];
  expect(sortedBy(all, '.size', (one) => one).map(({ name }) => name)).toEqual(['c', 'b', 'd', 'a']);
});

it('refuses what cannot be sorted by', () => {
  expect(() => sorted('.weight', 1)).toThrow('no object has a field .weight');
  expect(() => sorted('.metadata', 1)).toThrow('.metadata has more below it');
  expect(sorted('.weight')).toEqual([]);
});
