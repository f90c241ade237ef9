import { describe, expect, it } from 'vitest';
import { palette, wantsColour } from './colour.ts';

const terminal = { isTTY: true };
const pipe = {};

describe('colour', () => {
  it.each([
    ['auto', terminal, {}, true],
    ['auto', pipe, {}, false],
    ['auto', terminal, { NO_COLOR: '1' }, false],
    ['auto', terminal, { NO_COLOR: '' }, true],
    ['auto', terminal, { TERM: 'dumb' }, false],
    ['auto', pipe, { FORCE_COLOR: '1' }, true],
    ['auto', pipe, { FORCE_COLOR: '1', NO_COLOR: '1', TERM: 'dumb' }, true],
    ['auto', terminal, { FORCE_COLOR: '0' }, false],
    ['always', pipe, { NO_COLOR: '1' }, true],
    ['never', terminal, { FORCE_COLOR: '1' }, false],
  ] as const)('%s on %o under %o: %s', (mode, stream, environment, wanted) => {
    expect(wantsColour(mode, stream, environment)).toBe(wanted);
  });

  it('surrounds a text, or leaves it as it is', () => {
    expect(palette(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(palette(true).red('')).toBe('');
    expect(palette(false).red('x')).toBe('x');
  });
});
