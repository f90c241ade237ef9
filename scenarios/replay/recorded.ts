// A scenario as a trace says that it was run: its seed, parameters and profile, where the command line does not say otherwise.
import { findProfile } from '../../engine/index.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import type { Scenario } from '../format/scenario.ts';
import { type LoadOptions, loadScenario } from '../load.ts';
import type { TraceHeader } from './trace-file.ts';

export function recordedOptions(header: TraceHeader, said: LoadOptions): LoadOptions {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(header.params)) set[name] = String(value);
  return { seed: header.seed, ...said, set: { ...set, ...said.set } };
}

/** A trace knows a profile by its name alone: one of one's own has to be where the scenario or the command line says. */
export async function loadRecorded(file: string, options: LoadOptions, trace: string, name: string): Promise<Scenario> {
  const scenario = await loadScenario(file, options);
  if (options.profile !== undefined || scenario.profile.name === name) return scenario;
  if (findProfile(name) !== null) return loadScenario(file, { ...options, profile: name });
  throw new CommandError(`${trace} was recorded with the profile "${name}": name its file by --profile`);
}
