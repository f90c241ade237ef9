// Which version this is, as the project's own package file says.
import { readFileSync } from 'node:fs';

export function packageVersion(): string {
  // Two folders up from the source and, one deeper, from the build: the nearest package file of ours.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'muster' && version !== undefined) return version;
    } catch {}
  }
  return 'unknown';
}
