// Which resources are served right now: the built-in ones and those that definitions have added.
import { byText } from '../../engine/index.ts';
import { hasSubresource, type Resource } from './resource.ts';
import { type Builtins, builtins } from './resources/builtin.ts';

/** Versions as discovery orders them: released before beta before alpha, newer before older. */
export function compareVersions(a: string, b: string): number {
  const rank = (version: string): readonly number[] | null => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return null;
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const left = rank(a);
  const right = rank(b);
  if (left === null || right === null) return left === right ? byText(a, b) : left === null ? 1 : -1;
  for (const [at, value] of left.entries()) if (value !== right[at]) return right[at]! - value;
  return 0;
}

function keptIn(resources: readonly Resource[]): readonly Resource[] {
  const seen = new Map<string, Resource>();
  for (const resource of resources) {
    const isKept = resource.verbs.includes('list') && resource.plural !== 'componentstatuses';
    const isHome = resource.collection === `${resource.group}/${resource.plural}`;
    if (isKept && isHome && !seen.has(resource.collection)) seen.set(resource.collection, resource);
  }
  return [...seen.values()];
}

export class Registry {
  readonly builtins: Builtins = builtins();
  private readonly byPath = new Map<string, Resource>();
  private ordered: readonly Resource[] = [];
  private fixed: readonly Resource[] = [];
  private extra: readonly Resource[] = [];
  private kept: readonly Resource[] = [];
  private state = 0;

  constructor() {
    this.setCustom([]);
  }

  /** Served for as long as the hub is, like the built-in ones. */
  setFixed(resources: readonly Resource[]): void {
    this.fixed = resources;
    this.setCustom(this.extra);
  }

  /** Replaces everything that definitions have added. */
  setCustom(resources: readonly Resource[]): void {
    this.extra = resources;
    this.ordered = [...this.builtins.resources, ...this.fixed, ...this.extra];
    this.byPath.clear();
    for (const resource of this.ordered) {
      this.byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, resource);
    }
    this.kept = keptIn(this.ordered);
    this.state += 1;
  }

  /** Rises whenever what is served changes. */
  generation(): number {
    return this.state;
  }

  all(): readonly Resource[] {
    return this.ordered;
  }

  find(group: string, version: string, plural: string): Resource | null {
    return this.byPath.get(`${group}/${version}/${plural}`) ?? null;
  }

  findKind(group: string, version: string, kind: string): Resource | null {
    return this.ordered.find((one) => one.group === group && one.version === version && one.kind === kind) ?? null;
  }

  /** Each kind of stored object once, by where it is kept. */
  collections(): readonly Resource[] {
    return this.kept;
  }

  groups(): readonly { readonly name: string; readonly versions: readonly string[] }[] {
    const groups = new Map<string, string[]>();
    for (const { group, version } of this.ordered) {
      const versions = groups.get(group) ?? [];
      if (!versions.includes(version)) versions.push(version);
      groups.set(group, versions);
    }
    const builtin = new Set(this.builtins.resources.map(({ group }) => group));
    const result = [...groups].map(([name, versions]) => ({ name, versions: [...versions].sort(compareVersions) }));
    const own = result.filter(({ name }) => builtin.has(name));
    const custom = result.filter(({ name }) => !builtin.has(name)).sort((a, b) => byText(a.name, b.name));
    return [...own, ...custom];
  }

  resourcesOf(group: string, version: string): readonly Resource[] {
    return this.ordered
      .filter((one) => one.group === group && one.version === version)
      .sort((a, b) => byText(a.plural, b.plural));
  }

  hasGroup(group: string): boolean {
    return this.ordered.some((one) => one.group === group);
  }

  hasStatus(resource: Resource): boolean {
    return hasSubresource(resource, 'status');
  }
}
