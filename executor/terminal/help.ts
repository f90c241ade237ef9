// What "muster --help" prints: every command by what it is for, without loading any of them.
import type { CommandEntry } from './command.ts';

export function overview(entries: readonly CommandEntry[]): string {
  const width = Math.max(...entries.map(({ usage }) => usage.length), 'completion <shell>'.length);
  const line = (usage: string, describe: string) => `  ${usage.padEnd(width)}   ${describe}`;
  const groups = new Map<string, string[]>();
  for (const { group = 'Commands', usage, describe } of entries) {
    groups.set(group, [...(groups.get(group) ?? []), line(usage, describe)]);
  }
  const listed = [...groups].flatMap(([group, lines]) => [`${group}:`, ...lines, '']);
  return [
    'Decides which clusters of a fleet run which workloads, simulates what becomes of it, and carries it out.',
    '',
    'Usage: muster <command> [options]',
    '',
    ...listed,
    'Everywhere:',
    line('--color <when>', 'auto, always or never; NO_COLOR and FORCE_COLOR are respected'),
    line('--help, -h', 'the options of a command'),
    line('--version', 'which muster this is'),
    line('completion <shell>', 'a completion script for bash, zsh or fish'),
    '',
    "See 'muster <command> --help' for what a command does and takes.",
    '',
  ].join('\n');
}
