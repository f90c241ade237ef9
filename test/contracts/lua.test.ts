// Scripts of users against Lua itself: random programs say the same in both.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/index.ts';
import { LuaScript } from '../../engine/lua/script.ts';
import { LuaPrograms } from './lua-programs.ts';

const LUA = 'lua5.1';
const hasLua = spawnSync(LUA, ['-v']).status === 0;

const TOGETHER = 100;
const END = '\u0001';

/** In a process for all of them; each in a scope of its own. */
function saidByLua(programs: readonly string[]): readonly string[] {
  const script = programs.map((program) => `do ${program}\nio.write(main(), '\\1') end`).join('\n');
  const { stdout, stderr } = spawnSync(LUA, ['-'], { input: Buffer.from(script), encoding: 'latin1', maxBuffer: 1e8 });
  if (stderr !== '') throw new Error(stderr);
  return stdout.split(END).slice(0, -1);
}

describe.skipIf(!hasLua)(`a script${hasLua ? '' : `, skipped: there is no ${LUA}`}`, () => {
  it.each(['one', 'two', 'three', 'four', 'five'])('says what it says in Lua: programs of %s', (seed) => {
    const drawn = new LuaPrograms(new Random(seed));
    for (let round = 0; round < 6; round += 1) {
      const programs = Array.from({ length: TOGETHER }, () => drawn.next());
      const said = saidByLua(programs);
      for (const [at, program] of programs.entries()) {
        const [own] = new LuaScript(program).call('main', [], {});
        expect([program, own]).toEqual([program, said[at]]);
      }
    }
  });
});
