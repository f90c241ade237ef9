import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it('is what a shell reads it as', () => {
  expect(shellWord('scenarios/az-outage.yaml')).toBe('scenarios/az-outage.yaml');
  const words = ['', 'a b', "it's", '$HOME', '`id`', 'a"b', '*', 'rate=1/h; x', '~'];
  const read = execFileSync('sh', ['-c', `printf '%s\\n' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' });
  expect(read).toBe(`${words.join('\n')}\n`);
});
