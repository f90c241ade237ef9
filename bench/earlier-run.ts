// The output of an earlier run of a benchmark, to hold one of now against.
import { readText } from '../executor/files/read-text.ts';
import { CommandError } from '../executor/terminal/command.ts';

/** `list` is the field that holds what was measured. */
export async function earlierRun<Report extends { readonly bench: string }>(
  file: string,
  bench: Report['bench'],
  list: keyof Report,
): Promise<Report> {
  try {
    const report = JSON.parse(await readText(file)) as Report;
    if (report.bench === bench && Array.isArray(report[list])) return report;
  } catch (error) {
    if (error instanceof CommandError) throw error;
  }
  throw new CommandError(`${file} is no output of muster bench ${bench} --json`);
}
