// Random Lua programs that say what each of their steps comes to: of the language itself and of its libraries for texts, tables and
// numbers. Numbers are told by `%g`, since Karmada's Lua writes them otherwise, and none as less than nothing: whether it is, is lost.
import type { Random } from '../../engine/index.ts';

const TEXTS = [
  ...['', 'a', 'abc', 'hello world', 'a.b.c', 'x=1, y=22', '  pad  ', '%d%s', 'aXbX', '10', ' 0x1F ', '1e2', '[k]'],
  ...['f(a(b)c)d', '\\n\\tq', 'ÄÖ'],
].map((text) => `"${text}"`);

/** Where nothing is found behind the end of a text is a matter of whose Lua it is. */
const SOLID_PATTERNS = [
  ...['a', '.', '%a+', '%d+', '(%w+)=(%w+)', '[abc]', '[^%s]+', '%b()', '(a)(.)', '%f[%w]%w+', 'l+', '[%]k]', '%.'],
  ...['a-b', '(.)%1', '[a-c%d]+', '%u'],
].map((pattern) => `"${pattern}"`);

/** Tied to the beginning, a pattern that is walked over is a matter of whose Lua it is. */
const FREE_PATTERNS = [...SOLID_PATTERNS, '"()"', '"x*"', '"$"', '"-"', '""'];

const PATTERNS = [...FREE_PATTERNS, '"^"', '"^%s*(.-)%s*$"', '"^(%a)"'];

/** None that begins with a zero and is a number: Karmada's Lua reads that as Go does, by eights. */
const NUMBER_LAYOUTS = ['%d', '%5d|', '%-5d|', '%05d|', '%x', '%X', '%.2f', '%8.3f', '%g', '%c', '%i', '%+d', '%.3d|'];
const TEXT_LAYOUTS = ['%s', '%10s|', '%-10s|', '%.2s'];
const REPLACEMENTS = [
  '"<%0>"',
  '"%1-"',
  '"z"',
  '{ a = "A", x = "1" }',
  'function(a, b) return (b or a) and ("[" .. tostring(a) .. "]") end',
];

export class LuaPrograms {
  readonly #random: Random;
  #numbers: string[] = [];
  #texts: string[] = [];
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** It defines `main`, which answers a text. */
  next(): string {
    this.#numbers = [];
    this.#texts = [];
    const steps = Array.from({ length: this.#random.integer(1, 4) }, () => this.#step(2));
    return `${TELLING}
function main()
  local out = {}
  local function put(...)
    for i = 1, select('#', ...) do out[#out + 1] = show((select(i, ...))) end
    out[#out + 1] = '|'
  end
  local ok = pcall(function()
    ${steps.join('\n    ')}
  end)
  out[#out + 1] = ok and 'done' or 'failed'
  return table.concat(out, ',')
end`;
  }

  #one(ways: readonly (() => string)[]): string {
    return this.#random.pick(ways)();
  }

  #between(least: number, most: number): string {
    return String(this.#random.integer(least, most));
  }

  #number(depth: number): string {
    if (depth === 0) return this.#random.pick([this.#between(-5, 12), '0.5', '1e3', '0x1f', '7', ...this.#numbers]);
    const less = depth - 1;
    return this.#one([
      () => `(${this.#number(less)} ${this.#random.pick(['+', '-', '*'])} ${this.#number(less)})`,
      () => `(${this.#number(less)} % ${this.#random.pick(['3', '-3', '2.5', '7'])})`,
      () => `(- ${this.#number(less)})`,
      () => `#${this.#text(less)}`,
      () => `#${this.#list(less)}`,
      () => `math.${this.#random.pick(['floor', 'ceil', 'abs'])}(${this.#number(less)})`,
      () => `math.${this.#random.pick(['max', 'min'])}(${this.#number(less)}, ${this.#number(less)})`,
      () => `math.fmod(${this.#number(less)}, 5)`,
      () => `(tonumber(${this.#text(less)}) or ${this.#number(less)})`,
      () => `(${this.#truth(less)} and ${this.#number(less)} or ${this.#number(less)})`,
      () => `select('#', ${this.#some(less)})`,
      () => `(string.find(${this.#text(less)}, ${this.#random.pick(PATTERNS)}) or 0)`,
      () => `(string.byte(${this.#text(less)}, ${this.#between(-3, 4)}) or -1)`,
    ]);
  }

  #text(depth: number): string {
    if (depth === 0) return this.#random.pick([this.#random.pick(TEXTS), ...this.#texts]);
    const less = depth - 1;
    return this.#one([
      () => `(${this.#text(less)} .. ${this.#text(less)})`,
      () => `string.sub(${this.#text(less)}, ${this.#between(-4, 5)}, ${this.#between(-4, 6)})`,
      () => `string.${this.#random.pick(['upper', 'reverse'])}(${this.#text(less)})`,
      () => `string.rep(${this.#text(less)}, ${this.#between(-1, 3)})`,
      () => `(${this.#text(less)}):lower()`,
      () => this.#replacement(less),
      () => `(string.match(${this.#text(less)}, ${this.#random.pick(PATTERNS)}) or "none")`,
      () => `table.concat(${this.#list(less)}, ${this.#random.pick(['","', '""', '"; "'])})`,
      () => `string.format("${this.#random.pick(NUMBER_LAYOUTS)}", ${this.#between(33, 126)})`,
      () => `string.format("${this.#random.pick(TEXT_LAYOUTS)}", ${this.#text(less)})`,
      () => `tostring(${this.#truth(less)})`,
      () => `type(${this.#value(less)})`,
      () => `(${this.#truth(less)} and ${this.#text(less)} or ${this.#text(less)})`,
    ]);
  }

  #replacement(depth: number): string {
    const most = this.#random.pick(['', ', 1', ', 2']);
    const [pattern, by] = [this.#random.pick(PATTERNS), this.#random.pick(REPLACEMENTS)];
    return `(string.gsub(${this.#text(depth)}, ${pattern}, ${by}${most}))`;
  }

  #truth(depth: number): string {
    if (depth === 0) return this.#random.pick(['true', 'false', 'nil == nil']);
    const less = depth - 1;
    return this.#one([
      () => `(${this.#number(less)} ${this.#random.pick(['<', '>=', '=='])} ${this.#number(less)})`,
      () => `(${this.#text(less)} ${this.#random.pick(['<', '>=', '=='])} ${this.#text(less)})`,
      () => `not ${this.#truth(less)}`,
      () => `(${this.#truth(less)} ${this.#random.pick(['and', 'or'])} ${this.#truth(less)})`,
      () => `(${this.#number(less)} < ${this.#text(less)})`,
    ]);
  }

  #list(depth: number): string {
    const less = Math.max(0, depth - 1);
    const values = Array.from({ length: this.#random.integer(0, 4) }, () =>
      this.#one([() => this.#number(less), () => this.#text(less)]),
    );
    return `{ ${values.join(', ')} }`;
  }

  #value(depth: number): string {
    return this.#one([
      () => this.#number(depth),
      () => this.#text(depth),
      () => this.#truth(depth),
      () => this.#list(depth),
      () => 'nil',
    ]);
  }

  #some(depth: number): string {
    return Array.from({ length: this.#random.integer(1, 4) }, () => this.#value(depth)).join(', ');
  }

  #step(depth: number): string {
    this.#names += 1;
    const name = `v${this.#names}`;
    return this.#one([
      () => {
        const value = this.#number(2);
        this.#numbers.push(name);
        return `local ${name} = ${value}; put(${name})`;
      },
      () => {
        const value = this.#text(2);
        this.#texts.push(name);
        return `local ${name} = ${value}; put(${name})`;
      },
      () => `put(${this.#some(1)})`,
      () => (depth === 0 ? `put(${this.#truth(2)})` : this.#loop(depth - 1)),
      () => (depth === 0 ? `put(${this.#text(2)})` : this.#choice(depth - 1)),
      () => this.#changes(),
      () => this.#sorted(),
      () => `for one in string.gmatch(${this.#text(1)}, ${this.#random.pick(FREE_PATTERNS)}) do put(one) end`,
      () => `put(string.find(${this.#text(1)}, ${this.#random.pick(SOLID_PATTERNS)}, ${this.#between(-2, 4)}))`,
      () => `put(string.find(${this.#text(1)}, ${this.#random.pick(SOLID_PATTERNS)}, ${this.#between(-2, 4)}, true))`,
      () => this.#variadic(),
      () => this.#counter(),
    ]);
  }

  /** What is named inside is not known outside. */
  #inside(depth: number): string {
    const [numbers, texts] = [[...this.#numbers], [...this.#texts]];
    const step = this.#step(depth);
    this.#numbers = numbers;
    this.#texts = texts;
    return step;
  }

  #loop(depth: number): string {
    const by = this.#random.pick(['', ', 2', ', -1']);
    return `for i = ${this.#between(-2, 3)}, ${this.#between(-2, 6)}${by} do put(i) ${this.#inside(depth)} end`;
  }

  #choice(depth: number): string {
    const [first, second] = [this.#inside(depth), this.#inside(depth)];
    return `if ${this.#truth(2)} then ${first} elseif ${this.#truth(1)} then put("other") else ${second} end`;
  }

  #changes(): string {
    const removed = this.#random.pick(['', ', 1']);
    return (
      `do local t = ${this.#list(1)}; table.insert(t, ${this.#number(1)}); table.insert(t, 1, ${this.#text(1)}); ` +
      `put(table.remove(t${removed})); put(#t); for k, v in ipairs(t) do put(k, v) end end`
    );
  }

  #sorted(): string {
    const numbers = Array.from({ length: this.#random.integer(0, 6) }, () => this.#between(-9, 9));
    const order = this.#random.pick(['', ', function(a, b) return a > b end']);
    return `do local t = { ${numbers.join(', ')} }; table.sort(t${order}); put(table.concat(t, " ")) end`;
  }

  #variadic(): string {
    return (
      `do local function f(a, ...) if a == nil then return select('#', ...) end return ..., a end; ` +
      `put(f(${this.#some(1)})); put((f(${this.#some(1)}))) end`
    );
  }

  #counter(): string {
    return (
      `do local c = 0; local function g() c = c + 1; return c end; ` +
      `while g() < ${this.#between(1, 5)} do if c == 2 then break end put(c) end; ` +
      `repeat local z = g() until z > ${this.#between(2, 8)}; put(c) end`
    );
  }
}

const TELLING = `local function show(value)
  local is = type(value)
  if is == 'number' then return value ~= value and 'nan' or string.format('%.10g', value + 0) end
  if is == 'string' then return '"' .. value .. '"' end
  return is == 'table' and '{' .. #value .. '}' or tostring(value)
end`;
