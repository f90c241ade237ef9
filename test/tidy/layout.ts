// Which folder may import which: a file uses its own folder and lower ranks only.
import { posix } from 'node:path';

/** Engine folders by rank; those of one rank do not know each other. */
const ENGINE_MAY_USE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  kube: ['base'],
  api: ['base', 'kube'],
  store: ['base', 'kube', 'api'],
  fleet: ['base', 'kube', 'api'],
  schedule: ['base', 'kube', 'api', 'fleet'],
  propagate: ['base', 'kube', 'api'],
  control: ['base', 'kube', 'api', 'store', 'fleet', 'schedule', 'propagate'],
  controllers: ['base', 'kube', 'api', 'schedule', 'propagate', 'control', 'fleet'],
  simulate: ['base', 'kube', 'api', 'store', 'fleet', 'schedule', 'propagate', 'control'],
  analyse: ['base', 'kube', 'api', 'schedule', 'fleet', 'propagate'],
};

/** Rooms of the executor that only read, write and print: whoever talks to a person may use them. */
const OPEN_ROOMS = ['executor/files/', 'executor/terminal/'];

export function mayImport(file: string, target: string): string | null {
  if (!target.startsWith('.')) return null;
  const imported = posix.join(posix.dirname(file), target);
  const [area, room] = file.split('/');
  const [otherArea, otherRoom] = imported.split('/');
  if (area === 'engine') {
    if (file === 'engine/index.ts' || room === otherRoom) return null;
    const allowed = ENGINE_MAY_USE[room!];
    if (allowed === undefined) return `engine/${room} has no rank: give it one in test/tidy/layout.ts`;
    return allowed.includes(otherRoom!) ? null : `engine/${room} may not import engine/${otherRoom}`;
  }
  if (otherArea === 'engine' && imported !== 'engine/index.ts') return 'imports the engine past engine/index.ts';
  if (area === otherArea || otherArea === 'engine') return null;
  if (area === 'scenarios') {
    return OPEN_ROOMS.some((open) => imported.startsWith(open)) ? null : `scenarios may not import ${otherArea}`;
  }
  if (area === 'executor') return `executor may not import ${otherArea}`;
  return null;
}
