import { describe, expect, it } from 'vitest';
import { tokenize } from './tokens.ts';

/** "@{" stands for the beginning of a template's expression. */
const tokensOf = (source: string) => tokenize(source.replaceAll('@{', '${'));
const shown = (source: string) => tokensOf(source).map(({ kind, value }) => (kind === 'regex' ? '/re/' : value));

describe('the tokens of a source', () => {
  it.each([
    ['a // b\n/* c */ d', ['a', 'd']],
    ['#!/usr/bin/env node\na', ['a']],
    [`'it\\'s' "a // b"`, ["it's", 'a // b']],
    [`'Da\\u0074e' "\\x44\\u{61}"`, ['Date', 'Da']],
    ['a / b / c', ['a', '/', 'b', '/', 'c']],
    ['f(1) / g[0] / 2', ['f', '(', '1', ')', '/', 'g', '[', '0', ']', '/', '2']],
    ['x = /a"[/]/g.test(y)', ['x', '=', '/re/', '.', 'test', '(', 'y', ')']],
    [`if (x) /'/.test(y)`, ['if', '(', 'x', ')', '/re/', '.', 'test', '(', 'y', ')']],
    [`return /'/`, ['return', '/re/']],
    ['a.return / 2', ['a', '.', 'return', '/', '2']],
    ['found! / 2 / x', ['found', '!', '/', '2', '/', 'x']],
    ['!/a/.test(b)', ['!', '/re/', '.', 'test', '(', 'b', ')']],
    ['i++ / 2 - j-- / 3', ['i', '+', '+', '/', '2', '-', 'j', '-', '-', '/', '3']],
    ['a + /b/', ['a', '+', '/re/']],
    ['0.5.toFixed(1e-3)', ['0.5', '.', 'toFixed', '(', '1e-3', ')']],
    ['1_000n .5 0xFf', ['1_000n', '.5', '0xFf']],
    ['...rest', ['.', '.', '.', 'rest']],
    ['`a @{b + `c @{d}`} e`', ['${', 'b', '+', '${', 'd', '}$', 'c ', '}$', 'a  e']],
    ['`@{{ a: 1 }.a}`', ['${', '{', 'a', ':', '1', '}', '.', 'a', '}$', '']],
    ['this.#at', ['this', '.', '#at']],
    ['größe', ['größe']],
  ])('%s', (source, wanted) => {
    expect(shown(source)).toEqual(wanted);
  });

  it.each([
    ["a = 'b\nc'", 'line 1: a text that does not end'],
    ['a\n= `b ${c', 'line 2: a template that does not end'],
    ['/* a', 'a comment that does not end'],
    ['a = /b\n/', 'a regular expression that does not end'],
    ['D\\u0061te.now()', 'a name with an escape'],
    ['if (a) {} /b/', 'a slash after a brace'],
  ])('are not guessed at in %j', (source, message) => {
    expect(() => tokenize(source)).toThrow(message);
  });

  it('know their lines', () => {
    const lines = tokensOf("a\n/*\n*/ b // c\n`\n@{d}\n` 'x\\\ny' e").map(({ line }) => line);
    expect(lines).toEqual([1, 3, 5, 5, 5, 6, 7, 7]);
  });
});
