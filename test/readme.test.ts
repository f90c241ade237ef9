// The README's examples print what they say: each console block is run against the build and compared.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, root } from './tidy/source.ts';

interface Example {
  readonly command: string;
  readonly output: string;
}

const examples: readonly Example[] = [...read('README.md').matchAll(/```console\n\$ (.+)\n([\s\S]*?)```/g)].map(
  ([, command, output]) => ({ command: command!, output: output! }),
);

/** RENEW_README=1 npx vitest run --config test/vitest.config.ts test/readme.test.ts: what is printed now is what it shall say. */
function renew(command: string, output: string, printed: string): void {
  const block = (text: string) => `$ ${command}\n${text.trimEnd()}\n`;
  writeFileSync(
    join(root, 'README.md'),
    read('README.md').replace(block(output), () => block(printed)),
  );
}

describe('the README', () => {
  it('has worked examples', () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  for (const { command, output } of examples) {
    it(`shows what "${command}" prints`, () => {
      const words = command.replace(/^npx muster /, '').split(' ');
      const printed = execFileSync('node', ['dist/cli.js', ...words], { cwd: root, encoding: 'utf8' });
      if (process.env.RENEW_README === '1') renew(command, output, printed);
      expect(printed.trimEnd()).toBe(output.trimEnd());
    });
  }
});
