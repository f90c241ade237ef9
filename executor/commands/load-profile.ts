// The profile that a command is to decide by: one of the built-in ones by name, or a file that changes one of them.
import { readFile } from 'node:fs/promises';
import { findProfile, formatProblem, type Profile, readProfile } from '../../engine/index.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import { CommandError } from '../terminal/command.ts';

export async function loadProfile(nameOrFile: string): Promise<Profile> {
  const known = findProfile(nameOrFile);
  if (known !== null) return known;
  const reading = readProfile(await readDocument(nameOrFile));
  if (reading.ok) return reading.value;
  throw new CommandError(`${nameOrFile} is no profile: ${reading.problems.map(formatProblem).join('; ')}`);
}

async function readDocument(file: string): Promise<unknown> {
  try {
    return JSON.parse(yamlCodec.toJson(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `the profile "${file}" is neither karmada nor muster nor a file that can be read: ${reason}`,
    );
  }
}
