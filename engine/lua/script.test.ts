// Scripts answer as Lua 5.1 does, with the numbers and texts of Karmada's Lua, and never take more than they are given.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from './bytes.ts';
import { fromLua, toLua } from './json.ts';
import { LuaScript, scriptProblem } from './script.ts';
import { LuaTable } from './table.ts';
import { LuaError, LuaLimit, type LuaValue } from './value.ts';

/** What a body answers, in one line, as `tostring` has it. */
function answers(body: string, args: readonly LuaValue[] = []): readonly LuaValue[] {
  return new LuaScript(`function f(...) ${body} end`).call('f', args, {});
}
const said = (body: string): string =>
  new LuaScript(`
  function f(...) ${body} end
  function told()
    local all = {}
    local function take(...) for i = 1, select('#', ...) do all[i] = tostring((select(i, ...))) end end
    take(f())
    return table.concat(all, ' ')
  end`).call('told', [], {})[0] as string;

describe('a script', () => {
  it.each([
    ['return 1 + 2 * 3 ^ 2, 7 % 3, -7 % 3, 7 % -3, 10 / 4', '19 1 2 -2 2.5'],
    ['return 2 ^ 3 ^ 2, -2 ^ 2, 2 ^ -1', '512 -4 0.5'],
    ['return 1 .. 2, "a" .. "b" .. "c"', '12 abc'],
    ['return not nil == true, 1 == 1.0, "1" == 1', 'true true false'],
    ['return 1 < 2 and "yes" or "no", nil and 1, false or nil', 'yes nil nil'],
    ['return "10" + 5, "0x10" * 1, 1e3, .5', '15 16 1000 0.5'],
    [
      'return 100000000000000, 2^53, 1e15, 1e100, 0.1, 1/3',
      '100000000000000 9007199254740992 1000000000000000 1e+100 0.1 0.3333333333333333',
    ],
    ['return 1/0, -1/0, 1e-7, 123456.789', '+Inf -Inf 1e-07 123456.789'],
    ['return #"abc", #{1, 2, 3}, #{n = 1}', '3 3 0'],
    ['local a, b, c = (function() return 1, 2, 3 end)() return a, b, c', '1 2 3'],
    ['local function g() return 1, 2 end return g(), g(), (g())', '1 1 1'],
    ['local t = {g = 1, [2] = "b", "a"} return t.g, t[1], t[2], t.none', '1 a b nil'],
    ['local t = {} t.a = {} t.a.b = 5 return t.a.b, t["a"]["b"]', '5 5'],
    ['local s = 0 for i = 10, 1, -3 do s = s + i end return s', '22'],
    ['local s = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then break end s = s + 1 end end return s', '3'],
    ['local i = 0 while true do i = i + 1 if i > 4 then break end end return i', '5'],
    ['local i = 0 repeat local done = i == 3 i = i + 1 until done return i', '4'],
    ['for i = 1, 3 do if i == 2 then goto out end end ::out:: return "out"', 'out'],
    ['local s = "" for i = 1, 4 do if i % 2 == 0 then goto continue end s = s .. i ::continue:: end return s', '13'],
    [
      'local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2]()',
      '2 3 3',
    ],
    ['local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(15)', '610'],
    ['local o = {n = 1} function o:add(x) self.n = self.n + x return self end return o:add(2):add(3).n', '6'],
    ['local a = {1, 2, nil, 4} return #a, select("#", unpack(a, 1, 4))', '4 4'],
    ['local a, b = 1, 2 a, b = b, a return a, b', '2 1'],
    ['return (...) == nil', 'true'],
    ['return [[\nlong]], [==[a]]b]==], "tab\\tquote\\"\\065"', 'long a]]b tab\tquote"A'],
    ['-- comment\n --[[ long\n comment ]] return 1;', '1'],
    [
      'return type(nil), type(1), type("x"), type({}), type(print), type(true)',
      'nil number string table function boolean',
    ],
    [
      'return tostring(nil), tostring(true), tonumber("12"), tonumber("z", 36), tonumber("x"), tonumber("010")',
      'nil true 12 35 nil 8',
    ],
    ['return pcall(function() error("no") end)', 'false line 2: no'],
    ['return pcall(function() error({}) end)', 'false table'],
    [
      'return select(2, pcall(function() local x = nil return x.y end))',
      'line 2: attempt to index a nil value with the key y',
    ],
    ['return pcall(error)', 'false nil'],
    ['return next({}), next({5})', 'nil 1 5'],
    ['local s = "" for k, v in pairs({b = 1, a = 2, 9}) do s = s .. k .. v end return s', '19b1a2'],
    ['local s = "" for i, v in ipairs({1, 2, nil, 4}) do s = s .. v end return s', '12'],
    ['local t = {a = 1, b = 2, c = 3} for k in pairs(t) do t[k] = nil end return next(t)', 'nil'],
    [
      'return math.floor(-1.5), math.ceil(1.2), math.max(1, 3, 2), math.min(2, 1), math.abs(-1), math.huge',
      '-2 2 3 1 1 +Inf',
    ],
    ['return math.modf(3.7), math.fmod(-7, 3), math.sqrt(16), math.pow(2, 10)', '3 -1 4 1024'],
    ['local t = {3, 1, 2} table.sort(t) return table.concat(t, ",")', '1,2,3'],
    ['local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return table.concat(t, ",")', '3,2,1'],
    [
      'local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, ","), table.remove(t), table.remove(t, 1), #t',
      '0,1,2,3 3 0 2',
    ],
    ['return ("x"):rep(3), ("abc"):sub(2), ("abc"):sub(-2, -1), ("abc"):upper(), ("abc"):len()', 'xxx bc bc ABC 3'],
    ['return ("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 1, true)', '5 3 2 2'],
    ['return ("key=value"):match("(%w+)=(%w+)"), ("2024-05-06"):match("(%d+)-(%d+)")', 'key 2024 05'],
    ['return ("hello"):gsub("l", "L"), ("abc"):gsub("%w", "%0%0"), ("abc"):gsub("", "-")', 'heLLo aabbcc -a-b-c- 4'],
    [
      'return (("a b"):gsub("%w", {a = "1"})), (("a b"):gsub("%w", function(c) return c == "b" and "2" end))',
      '1 b a 2',
    ],
    ['local s = "" for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do s = s .. k .. v end return s', 'a1b2'],
    ['return ("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):find("%((%a+)%)"), ("x"):match("()")', '(a(b)c) 5 1'],
    ['return ("THE (quick) fox"):gsub("%f[%a]%a+", string.lower)', 'the (quick) fox 3'],
    ['local s = "" for one in ("aab"):gmatch("^a") do s = s .. one end return s', 'a'],
    ['return string.format("%.3g %.3d %5.1f %.0f %.2f", 1, 1, 12, 3, -0.0)', '1 001  12.0 3 -0.00'],
    ['return string.format("%d %5.2f %s %q %x %%", 3, 1.5, "x", "a\\"b", 255)', '3  1.50 x "a\\"b" ff %'],
    [
      'return string.format("%05d|%-5s|%5s|%g|%e", 42, "ab", "cd", 0.1, 12345.678)',
      '00042|ab   |   cd|0.1|1.234568e+04',
    ],
    ['return string.byte("A"), string.char(72, 105), ("abc"):reverse(), ("abc"):byte(-1)', '65 Hi cba 99'],
  ])('%s', (body, wanted) => {
    expect(said(body)).toBe(wanted);
  });

  it('counts texts in bytes, and gives them back as they were', () => {
    expect(answers('local t = ... return #t, t', [bytesOf('Grüße 🚀')])).toEqual([12, bytesOf('Grüße 🚀')]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textOf(bytesOf(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['return 1 +', 'line 1: there is the end of the script, and should be a value'],
    ['x = = 1', 'line 1: there is "=", and should be a value'],
    ['\nif x then', 'line 2: there is the end of the script, and should be "end"'],
    ['break', 'line 1: there is no loop to break'],
    ['goto nowhere', 'line 1: there is no label nowhere to go to'],
    ['local x = "open', 'line 1: a text has no end'],
    ['local x = 1x', 'line 1: 1x is no number'],
    ['f() = 1', 'line 1: there is "=", and should be a name before it, that a value can be given to'],
    [`return ${'('.repeat(500)}1${')'.repeat(500)}`, 'line 1: it nests too deeply'],
    ['print "ok" @', 'line 1: nothing can begin with "@"'],
    ['function f() return 1 end return f()', null],
  ])('%s is told as what it is', (source, wanted) => {
    expect(scriptProblem(source)).toBe(wanted);
  });

  it.each([
    'while true do end',
    'local s = "x" while true do s = s .. s end',
    'return ("x"):rep(1e9)',
    'local t = {} for i = 1, 1e9 do t[i] = i end',
    'local t = {} t[999999] = 1 t[1000] = nil local u = {} u[999999] = 1 local v = {} v[999999] = 1',
    'local function f() return f() + 1 end return f()',
    'return (("a"):rep(30)):match(("a*"):rep(30) .. "b")',
    'while true do pcall(function() while true do end end) end',
    '::again:: goto again',
  ])('%s is stopped', (body) => {
    expect(() => answers(body)).toThrow(LuaLimit);
  });

  it.each(['loadstring("x")', 'setmetatable({}, {})', 'math.random()', 'require("os")', 'getfenv()'])(
    '%s is refused',
    (body) => {
      expect(() => answers(body)).toThrow(LuaError);
    },
  );

  it('says where it failed', () => {
    const script = new LuaScript('function f(o)\n  local n = o.spec\n  return n.replicas\nend');
    expect(() => script.call('f', [new LuaTable()], {})).toThrow(
      'line 3: attempt to index a nil value with the key replicas',
    );
    expect(() => script.call('g', [], {})).toThrow('it has no function g');
  });

  it('gives JSON back as it came, but for nulls and what is empty', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { minKeys: 1, maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        expect(fromLua(toLua(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(fromLua(toLua({ a: {}, b: null }))).toEqual({ a: [] });
  });

  it('tells no table twice, and no list with gaps', () => {
    const [shared] = answers('local t = {1} return {a = t, b = t}');
    expect(() => fromLua(shared)).toThrow('in two places');
    const [sparse] = answers('return {1, nil, 3}');
    expect(() => fromLua(sparse)).toThrow('gaps');
  });

  it('ends whatever it is made of', () => {
    const words =
      'local x y z = ( ) { } end if then else for in do while function return 1 "a" + .. # not nil , ; [ ] : . goto :: break'.split(
        ' ',
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        const source = parts.join(' ');
        if (scriptProblem(source) !== null) return;
        try {
          new LuaScript(source).call('f', [], {});
        } catch (error) {
          if (!(error instanceof LuaError || error instanceof LuaLimit)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
