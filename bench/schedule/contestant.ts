// Who is measured: a profile by name or from a file, with the score expressions that the file brings.
import { extendPlugins, type PluginSet, type Profile, pluginsFor } from '../../engine/index.ts';
import { loadProfile, loadScores } from '../../executor/commands/load-profile.ts';

export interface Contestant {
  readonly profile: Profile;
  /** Absent where the profile brings none of its own. */
  readonly plugins?: PluginSet;
}

export async function loadContestant(nameOrFile: string): Promise<Contestant> {
  const profile = await loadProfile(nameOrFile);
  const scores = await loadScores(profile);
  return scores.length === 0 ? { profile } : { profile, plugins: extendPlugins(pluginsFor(profile), { scores }) };
}
