import { describe, expect, it } from 'vitest';
import { formatUnits, unitsOf } from './format-units.ts';
import { parseQuantity } from './quantity.ts';

describe('amounts in words', () => {
  it('writes CPU in whole numbers where it can, in thousandths where it must', () => {
    expect(formatUnits('cpu', 4000n)).toBe('4');
    expect(formatUnits('cpu', 3500n)).toBe('3500m');
    expect(formatUnits('cpu', -500n)).toBe('-500m');
  });

  it('writes bytes in the largest binary step that says enough', () => {
    expect(formatUnits('memory', 512n)).toBe('512');
    expect(formatUnits('memory', 4n << 30n)).toBe('4Gi');
    expect(formatUnits('memory', 1536n << 20n)).toBe('1536Mi');
    expect(formatUnits('memory', (16n << 30n) - 1n)).toBe('15.9Gi');
    expect(formatUnits('ephemeral-storage', -(2n << 40n))).toBe('-2Ti');
    expect(formatUnits('hugepages-2Mi', 2n << 20n)).toBe('2Mi');
  });

  it('writes everything else as a plain number', () => {
    expect(formatUnits('nvidia.com/gpu', 8n)).toBe('8');
    expect(formatUnits('pods', 2048n)).toBe('2048');
  });

  it('counts CPU in thousandths and the rest in whole units, rounded up', () => {
    expect(unitsOf('cpu', parseQuantity('1.5')!)).toBe(1500n);
    expect(unitsOf('memory', parseQuantity('1500m')!)).toBe(2n);
  });
});
