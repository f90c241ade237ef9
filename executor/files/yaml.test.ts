import { describe, expect, it } from 'vitest';
import { FileProblems, formatFileProblem } from './file-problem.ts';
import { printYaml, printYamlDocuments, readDocuments } from './yaml.ts';

const problemsIn = (text: string) => readDocuments(text, 'f.yaml').problems.map(formatFileProblem);

function read(text: string): unknown {
  const { documents, problems } = readDocuments(text, 'f.yaml');
  expect(problems).toEqual([]);
  return documents[0]?.value;
}

describe('reading YAML', () => {
  // What "kubectl create --dry-run=client -o json" makes of each.
  it.each([
    ['y', true],
    ['yes', true],
    ['Off', false],
    ['"yes"', 'yes'],
    ['0777', 511],
    ['0o17', 15],
    ['0x1f', 31],
    ['1_000', 1000],
    ['12:30', '12:30'],
    ['190:20:30', '190:20:30'],
    ['2020-01-02', '2020-01-02'],
    ['2020-01-02T03:04:05Z', '2020-01-02T03:04:05Z'],
    ['1.0', 1],
    ['1e3', 1000],
    ['~', null],
    ['', null],
    ['1.2.3', '1.2.3'],
    ['!!str 12', '12'],
    ['!!binary aGk=', 'hi'],
    ['9007199254740991', 9007199254740991],
  ])('takes %j as kubectl does', (text, value) => {
    expect(read(`v: ${text}`)).toEqual({ v: value });
  });

  it('makes texts of keys, and of the key "y" what kubectl makes of it', () => {
    expect(read('1: a\ny: b\n"on": c')).toEqual({ 1: 'a', true: 'b', on: 'c' });
  });

  it('reads every document, leaves out empty ones and keeps their number', () => {
    const { documents } = readDocuments('# nothing\n---\na: 1\n---\n---\nb: 2\n', 'f.yaml');
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [2, { b: 2 }],
    ]);
    expect(readDocuments('', 'f.yaml')).toEqual({ documents: [], problems: [] });
  });

  it('follows aliases and merges, each use a copy of its own', () => {
    const value = read('a: &x {k: [1], l: 2}\nb: {<<: *x, l: 3}\nc: *x\nd: {<<: [{k: 1}, {k: 2, m: 3}]}') as {
      a: { k: number[] };
    };
    expect(value).toEqual({ a: { k: [1], l: 2 }, b: { k: [1], l: 3 }, c: { k: [1], l: 2 }, d: { k: 1, m: 3 } });
    value.a.k.push(5);
    expect(value).toMatchObject({ b: { k: [1] }, c: { k: [1] } });
  });

  it('holds "__proto__" like any other key', () => {
    const value = read('__proto__: {a: 1}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('a' in value).toBe(false);
  });

  it.each([
    ['a: [1\nb: 2', 'f.yaml:2:1: a[0] cannot be read: flow sequence in block collection must be sufficiently indented'],
    ['a:\n  b: c: d', 'f.yaml:2:6: a.b.c cannot be read: nested mappings are not allowed in compact mappings'],
    ['spec:\n  a: 1\n  b: 2\n  a: 3', 'f.yaml:4:3: spec.a is here for the second time'],
    ['1: a\n"1": b', 'f.yaml:2:1: ["1"] is here for the second time'],
    ['a: 1\n---\nb: !!int x', 'f.yaml:3:10: b "x" is no int'],
    ['l:\n  - 1\n  - .inf', 'f.yaml:3:5: l[1] is Infinity, which JSON has no word for'],
    ['m: 18446744073709551615', 'f.yaml:1:4: m is 18446744073709551615, beyond'],
    ['? [a]\n: 1', 'f.yaml:1:3: has a key that is not a plain value'],
    ['a:\n  ~: 1', 'f.yaml:2:3: a a key is null'],
    ['a: *b', 'f.yaml:1:4: a is the alias *b of nothing before it'],
    ['a: &x\n  b: *x', 'f.yaml:2:6: a.b contains itself through the alias *x'],
    ['a: {<<: 5}', 'f.yaml:1:9: a["<<"] must be a map or a list of maps'],
    ['metadata:\n\tname: x', 'f.yaml:2:1: cannot be read: tabs are not allowed as indentation'],
  ])('says of %j where and what is wrong', (text, problem) => {
    expect(problemsIn(text)[0]).toContain(problem);
  });

  it('tells all that is wrong at once, and still reads the documents that are right', () => {
    const { documents, problems } = readDocuments('a: 1\na: 2\nb: .nan\n---\nc: 3\n---\nd: [', 'f.yaml');
    expect(problems.map(({ line, path }) => [line, path])).toEqual([
      [2, 'a'],
      [3, 'b'],
      [7, 'd'],
    ]);
    expect(documents.map(({ value }) => value)).toEqual([{ c: 3 }]);
  });

  it('says how many more there are than it tells', () => {
    const wrong = (count: number) => Array.from({ length: count }, (_, at) => `n${at}: .nan`).join('\n');
    const told = (text: string) => new FileProblems(readDocuments(text, 'f.yaml').problems).message.split('\n');
    expect(told(wrong(50))).toHaveLength(50);
    expect(told(wrong(62)).slice(49)).toEqual([expect.stringContaining('f.yaml:50:'), 'and 12 more']);
    expect(told(`${wrong(51)}\n---\n${wrong(53)}`).at(-1)).toBe('and 54 more');
  });

  it('refuses aliases that multiply, and nesting without end', () => {
    const levels = Array.from({ length: 9 }, (_, at) => {
      const items = Array.from({ length: 10 }, () => (at === 0 ? 'x' : `*a${at - 1}`));
      return `a${at}: &a${at} [${items.join(',')}]`;
    });
    expect(problemsIn(levels.join('\n'))).toEqual([expect.stringContaining('multiplies aliases without end')]);
    for (const depth of [300, 100_000]) {
      expect(problemsIn('['.repeat(depth) + ']'.repeat(depth))).toEqual([
        'f.yaml:1:1: cannot be read: it is nested more than 200 deep',
      ]);
    }
    const deeper = Array.from({ length: 2000 }, (_, at) => `a${at}: &a${at} [[${at === 0 ? 'x' : `*a${at - 1}`}]]`);
    expect(problemsIn(deeper.join('\n'))).toEqual([expect.stringContaining('multiplies aliases without end')]);
  });
});

describe('reading JSON', () => {
  it('gives what JSON.parse gives', () => {
    const value = { a: [1, -2.5e-3, 'x"\\: é', null, true], b: { '': {} } };
    expect(read(`\n ${JSON.stringify(value)}`)).toEqual(value);
    expect(read(JSON.stringify(value, null, '\t'))).toEqual(value);
    expect(read('[1]')).toEqual([1]);
  });

  it('notices repeated keys, however they are written', () => {
    expect(problemsIn('{"a": {"x": 1,\n "x": 2}}')).toEqual(['f.yaml:2:2: a.x is here for the second time']);
    expect(problemsIn('{"x": 1, "\\u0078": 2}')).toHaveLength(1);
    expect(problemsIn('{"x": "\\"x\\": 1"}')).toEqual([]);
  });

  it('says where it breaks, and refuses what JavaScript would round', () => {
    expect(problemsIn('{"a": [1,\n 2}')[0]).toMatch(/^f\.yaml:2:\d+: /);
    expect(problemsIn('{"n": 9223372036854775807}')).toEqual([expect.stringContaining('f.yaml:1:7: n is 92233')]);
  });
});

describe('the place of a field', () => {
  const text = [
    'kind: List',
    'items:',
    '- metadata:',
    '    name: a',
    '    labels: {"a.b/c": x}',
    '  spec: &spec',
    '    replicas: 3',
    '    empty:',
    '- spec: *spec',
  ].join('\n');

  it.each([
    ['', '1:1'],
    ['kind', '1:7'],
    ['items', '2:1'],
    ['items[0]', '3:3'],
    ['items[0].metadata.name', '4:11'],
    ['items[0].metadata.labels["a.b/c"]', '5:23'],
    ['items[0].spec.replicas', '7:15'],
    ['items[0].spec.empty', '8:5'],
    ['items[0].spec.absent.deeper', '6:3'],
    ['items[1].spec.replicas', '7:15'],
    ['items[7]', '2:1'],
  ])('%j is found', (path, place) => {
    const [document] = readDocuments(text, 'f.yaml').documents;
    const { line, column } = document!.place(path);
    expect(`${line}:${column}`).toBe(place);
  });

  it('is counted from the beginning of the file, whichever document it is in', () => {
    const { documents } = readDocuments('a: 1\n---\nb:\n  c: 2\n', 'f.yaml');
    expect(documents[1]!.place('b.c')).toEqual({ file: 'f.yaml', line: 4, column: 6 });
  });

  it('is found in JSON too', () => {
    const [document] = readDocuments('{\n\t"a": [\n\t\t{"b": 1}]}', 'f.json').documents;
    expect(document!.place('a[0].b')).toEqual({ file: 'f.json', line: 3, column: 9 });
  });
});

describe('printing YAML', () => {
  it('quotes what kubectl would misread, and is read back as it was', () => {
    const value = { b: ['yes', 'on', '0777', '12:30', '1e3', 'null', '', 'plain', ' x'], a: { y: 1, n: null } };
    expect(printYaml(value)).toBe(
      `a:\n  "n": null\n  "y": 1\nb:\n- "yes"\n- "on"\n- "0777"\n- "12:30"\n- "1e3"\n- "null"\n- ""\n- plain\n- ' x'\n`,
    );
    expect(read(printYaml(value))).toEqual(value);
    expect(printYamlDocuments([{ a: 1 }, { b: 2 }])).toBe('a: 1\n---\nb: 2\n');
  });
});
