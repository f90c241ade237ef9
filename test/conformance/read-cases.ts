// Reads the recorded cases of Karmada's own answers: gzipped JSON lines, one file a theme.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export interface Theme<Case> {
  readonly theme: string;
  readonly cases: readonly Case[];
}

const folder = (name: string): string => fileURLToPath(new URL(`cases/${name}/`, import.meta.url));

export function readCases<Case>(name: 'decisions' | 'reference' | 'propagation'): Theme<Case>[] {
  return readdirSync(folder(name))
    .filter((file) => file.endsWith('.jsonl.gz'))
    .sort()
    .map((file) => ({
      theme: file.replace('.jsonl.gz', ''),
      cases: gunzipSync(readFileSync(folder(name) + file))
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Case),
    }));
}
