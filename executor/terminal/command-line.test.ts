import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Listening, listening } from '../../test/builders/listening.ts';
import { type Arguments, type Command, type CommandEntry, CommandError, type ExitCode } from './command.ts';
import { runCommandLine } from './command-line.ts';

let heard: Listening;
let ran: Arguments[];
let loaded: string[];

beforeEach(() => {
  [ran, loaded] = [[], []];
  heard = listening();
  vi.spyOn(console, 'log').mockImplementation((text) => void process.stdout.write(`${text}\n`));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.removeAllListeners('error');
});

const planCommand: Command = {
  declare: (yargs) =>
    yargs
      .option('file', { alias: 'f', type: 'string', array: true, describe: 'manifests' })
      .option('timeout', { type: 'number', describe: 'seconds' })
      .option('profile', { choices: ['karmada', 'muster'], describe: 'which rules' }),
  async run(args): Promise<ExitCode> {
    ran.push(args);
    if (args.profile === 'karmada') throw new CommandError('no such fleet');
    return 99;
  },
};

const entry = (usage: string, group?: string): CommandEntry => ({
  usage,
  describe: `what ${usage} does`,
  ...(group === undefined ? {} : { group }),
  load: async (words) => {
    loaded.push([usage, ...words].join(' '));
    return { command: planCommand };
  },
});
const entries = [entry('plan'), entry('explain <what>', 'Look'), entry('diff', 'Look')];

const run = (line: string) => runCommandLine(entries, line === '' ? [] : line.split(' '));

describe('the command line', () => {
  it('takes no word for a number', async () => {
    expect(await run('plan --timeout soon')).toBe(1);
    expect(heard.notes).toBe("error: --timeout wants a number\nSee 'muster plan --help'\n");
    expect(ran).toEqual([]);
    expect(await run('plan --timeout 1.5')).toBe(99);
  });

  it('runs the command it names, with its arguments, and ends as it ends', async () => {
    expect(await run('plan -f a b -f -')).toBe(99);
    expect(ran[0]).toMatchObject({ file: ['a', 'b', '-'], color: 'auto' });
    expect(loaded).toEqual(['plan a b']);
  });

  it('takes its own options before the command too', async () => {
    expect(await run('--color never explain web --profile=muster')).toBe(99);
    expect(ran[0]).toMatchObject({ color: 'never', what: 'web', profile: 'muster' });
  });

  it.each(['--help', '-h', 'help'])('lists every command by its group for %s, and loads none', async (line) => {
    expect(await run(line)).toBe(0);
    expect(heard.out).toMatch(/Commands:\n {2}plan +what plan does\n\nLook:\n {2}explain <what> .*\n {2}diff .*\n/);
    expect(loaded).toEqual([]);
  });

  it.each(['plan --help', 'help plan'])('tells the options of a command for %s', async (line) => {
    expect(await run(line)).toBe(0);
    expect(heard.out).toMatch(/muster plan\s+what plan does[\s\S]*--profile +which rules/);
    expect(ran).toEqual([]);
  });

  it('prints its version', async () => {
    expect(await run('--version')).toBe(0);
    expect(heard.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['', 'error: which command?\n', '--help'],
    ['pan', 'error: unknown command "pan": did you mean "plan"?\n', '--help'],
    ['frobnicate', 'error: unknown command "frobnicate"\n', '--help'],
    ['--wat', 'error: no command, only "--wat"\n', '--help'],
    ['plan --profil muster', 'error: Unknown argument: profil: did you mean --profile?\n', 'plan --help'],
    ['plan --profile other', 'error: Invalid values', 'plan --help'],
    ['explain', 'error: Not enough non-option arguments: got 0, need at least 1\n', 'explain --help'],
  ])('refuses "%s" in one line, says where to look, and ends with 1', async (line, message, see) => {
    expect(await run(line)).toBe(1);
    expect(heard.notes.startsWith(message)).toBe(true);
    expect(heard.notes).toMatch(new RegExp(`\nSee 'muster ${see}'\n$`));
    expect(heard.out).toBe('');
  });

  it("tells a command's own mistakes in one line, and a bug with its stack", async () => {
    expect(await run('plan --profile karmada')).toBe(1);
    expect(heard.notes).toBe('error: no such fleet\n');
    heard.notes = '';
    const broken: CommandEntry = { ...entry('plan'), load: () => Promise.reject(new TypeError('oops')) };
    expect(await runCommandLine([broken], ['plan'])).toBe(1);
    expect(heard.notes).toMatch(/^error: TypeError: oops\n {4}at /);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    expect(await run(`completion ${shell}`)).toBe(0);
    expect(heard.out).toContain('--complete');
  });

  it('has none for other shells', async () => {
    expect(await run('completion tcsh')).toBe(1);
    expect(heard.notes).toBe('error: no script for "tcsh": one of bash, zsh, fish\n');
  });

  it.each([
    ['', ['plan', 'explain', 'diff', 'completion', 'help']],
    ['e', ['explain']],
    ['plan --p', ['--profile']],
    ['plan --profile ', ['karmada', 'muster']],
    ['plan --profile k', ['karmada']],
    ['plan -f ', []],
    ['plan --color=never --', ['--help', '--color', '--file', '--timeout', '--profile']],
    ['unknown --', []],
  ])('of "%s" offers %j', async (line, words) => {
    expect(await runCommandLine(entries, ['--complete', ...line.split(' ')])).toBe(0);
    expect(heard.out.split('\n').filter((word) => word !== '')).toEqual(words);
  });
});
