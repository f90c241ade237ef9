// The help of every command as the build has written it down: to say what a command takes, nothing of it has to be loaded.
import { readFileSync, statSync, writeFileSync } from 'node:fs';

export const HELP_WIDTH = 110;
/** What the build asks for. */
export const PREPARE_KEY = '--prepare-help';
const BUILD = new URL('../../', import.meta.url);
const helpIn = (build: URL): URL => new URL('help.json', build);
const builtAt = (build: URL): number => statSync(new URL('cli.js', build)).mtimeMs;

/** Null where it is not known for sure: in sources, after a build by other means, and for narrow terminals. */
export function preparedHelp(command: string, columns: number | undefined, build = BUILD): string | null {
  if (columns !== undefined && columns < HELP_WIDTH) return null;
  try {
    if (statSync(helpIn(build)).mtimeMs < builtAt(build)) return null;
    const all = JSON.parse(readFileSync(helpIn(build), 'utf8')) as Readonly<Record<string, string>>;
    return Object.hasOwn(all, command) ? all[command]! : null;
  } catch {
    return null;
  }
}

/** Throws where nothing is built. */
export function prepareHelp(texts: Readonly<Record<string, string>>, build = BUILD): void {
  builtAt(build);
  writeFileSync(helpIn(build), JSON.stringify(texts));
}
