// Which folder may import which: a file uses its own folder and lower ranks only.
import { resolveImport } from './source.ts';

/** Engine folders from the lowest rank up; those that stand in one line of the design do not know each other. */
const ENGINE_MAY_USE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  lua: ['base', 'kube'],
  kube: ['base'],
  api: ['base', 'kube', 'lua'],
  profile: ['base', 'kube'],
  store: ['base', 'kube', 'api'],
  fleet: ['base', 'kube', 'api'],
  schedule: ['base', 'kube', 'api', 'profile', 'fleet'],
  propagate: ['base', 'kube', 'api', 'lua'],
  autoscale: ['base', 'kube', 'api'],
  control: ['base', 'kube', 'api', 'store', 'fleet', 'schedule', 'propagate', 'autoscale'],
  controllers: ['base', 'kube', 'api', 'profile', 'store', 'fleet', 'schedule', 'propagate', 'autoscale', 'control'],
  plan: ['base', 'kube', 'api', 'profile', 'fleet', 'schedule', 'propagate'],
  simulate: ['base', 'kube', 'api', 'profile', 'store', 'fleet', 'schedule', 'propagate', 'autoscale', 'control'],
  analyse: ['base', 'kube', 'api', 'profile', 'store', 'fleet', 'schedule', 'propagate', 'control', 'simulate'],
};

const AREAS_MAY_USE: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  scenarios: [
    'engine/index.ts',
    'executor/commands/load-profile.ts',
    'executor/commands/manifests-and-fleet.ts',
    'executor/commands/plan/plan-of.ts',
    'executor/commands/up/local-hub.ts',
    'executor/files/',
    'executor/live/',
    'executor/members/',
    'executor/script/',
    'executor/terminal/',
  ],
  executor: ['engine/index.ts'],
  bench: ['engine/index.ts', 'executor/', 'scenarios/'],
  'cli.ts': ['engine/index.ts', 'executor/', 'scenarios/', 'bench/'],
};

/** Why a file of the product may not import that, or null where it may. Packages are not looked at here. */
export function mayImport(file: string, target: string): string | null {
  const imported = resolveImport(file, target);
  if (imported === null) return null;
  if (!imported.endsWith('.ts')) return `imports "${target}": name the file, with .ts`;
  const [area, room] = file.split('/') as [string, string];
  const [otherArea, otherRoom] = imported.split('/') as [string, string];
  if (area !== otherArea) {
    const allowed = AREAS_MAY_USE[area];
    if (allowed === undefined) return `${area} has no rank: give it one in test/tidy/layout.ts`;
    if (allowed.some((prefix) => imported.startsWith(prefix))) return null;
    if (otherArea === 'engine') return `imports ${imported}: import it from engine/index.ts`;
    return `${area} may not import ${imported}: it may use ${allowed.join(', ') || 'only itself'}`;
  }
  if (area !== 'engine' || file === 'engine/index.ts' || room === otherRoom) return null;
  const allowed = ENGINE_MAY_USE[room];
  if (allowed === undefined) return `engine/${room} has no rank: give it one in test/tidy/layout.ts`;
  if (allowed.includes(otherRoom)) return null;
  return `engine/${room} may not import engine/${otherRoom}: it may use ${allowed.join(', ') || 'only itself'}`;
}
