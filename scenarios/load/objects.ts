// The Kubernetes objects of a scenario, from files beside it and from the scenario itself; admitted before anything runs.
import {
  admit,
  isObject,
  type KubeObject,
  type ObjectKey,
  problemsOf,
  withoutNulls,
  withWorkloadCounts,
} from '../../engine/index.ts';
import { type FileProblem, FileProblems } from '../../executor/files/file-problem.ts';
import { loadManifests, type Manifest, OBJECT } from '../../executor/files/manifests.ts';
import { templateProblems } from '../../executor/files/template-problems.ts';
import { problemAt, type SourceDocument } from '../../executor/files/yaml.ts';
import { timeZones } from '../../executor/script/time-zones.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { KnownObjects } from '../format/known-objects.ts';
import type { LocatedObject } from '../format/scenario.ts';

export interface ObjectLoaderOptions {
  readonly resolve: (name: string) => string;
  readonly document: SourceDocument;
  readonly problems: FileProblem[];
}

export class ObjectLoader {
  readonly known = new KnownObjects();
  readonly #options: ObjectLoaderOptions;
  readonly #loaded = new Map<string, readonly LocatedObject[]>();

  constructor(options: ObjectLoaderOptions) {
    this.#options = options;
  }

  /** What a field of the scenario names or holds; nothing where it is left out. */
  async load(value: unknown, path: string): Promise<void> {
    if (value === undefined || value === null) return;
    const isList = Array.isArray(value);
    const items: readonly unknown[] = isList ? value : [value];
    const loaded: LocatedObject[] = [];
    for (const [at, item] of items.entries()) {
      // It is wrong, and has been told of.
      if (item === null) continue;
      const itemPath = isList ? `${path}[${at}]` : path;
      for (const manifest of await this.#manifests(item, itemPath)) {
        const admitted = this.#admitted(manifest);
        const key = this.known.keyOf(admitted);
        if (key !== null) loaded.push({ key, object: admitted });
        else this.#refuse(manifest, `is of a kind that nobody serves: apply its CustomResourceDefinition before it`);
      }
    }
    this.#loaded.set(path, loaded);
  }

  at(path: string): readonly LocatedObject[] {
    return this.#loaded.get(path) ?? [];
  }

  /** Every object that is applied under this key, at any time. */
  versions(key: ObjectKey): readonly KubeObject[] {
    const isIt = (other: ObjectKey) =>
      other.collection === key.collection && other.namespace === key.namespace && other.name === key.name;
    return [...this.#loaded.values()].flat().flatMap((located) => (isIt(located.key) ? [located.object] : []));
  }

  async #manifests(item: unknown, path: string): Promise<readonly Manifest[]> {
    const { document, problems, resolve } = this.#options;
    if (typeof item === 'string') {
      try {
        return await loadManifests([resolve(item)]);
      } catch (error) {
        if (error instanceof FileProblems) problems.push(...error.problems);
        else if (error instanceof CommandError) problems.push(problemAt(document, path, error.message));
        else throw error;
        return [];
      }
    }
    if (!isObject(item) || typeof item.kind !== 'string' || typeof item.apiVersion !== 'string' || !isNamed(item)) {
      problems.push(problemAt(document, path, 'is no Kubernetes object: it needs apiVersion, kind and metadata.name'));
      return [];
    }
    const wrong = problemsOf(OBJECT, item);
    if (wrong.length > 0) {
      problems.push(...wrong.map((one) => problemAt(document, `${path}.${one.path}`, one.message)));
      return [];
    }
    const place = (field = '') => document.place(field === '' ? path : `${path}.${field}`);
    const origin = { file: document.file, document: document.index, path, place };
    return [{ object: withoutNulls(item as unknown as KubeObject), origin }];
  }

  #admitted(manifest: Manifest): KubeObject {
    const complete = withWorkloadCounts(this.known.add(manifest.object));
    const { problems, object } = admit(complete, 0, { zones: timeZones });
    for (const { path, message } of [...problems, ...templateProblems(complete)]) {
      this.#options.problems.push({ ...manifest.origin.place(path), path, message });
    }
    return problems.length > 0 ? complete : object;
  }

  #refuse({ origin, object }: Manifest, message: string): void {
    this.#options.problems.push({ ...origin.place(), path: object.kind, message });
  }
}

const isNamed = ({ metadata }: Readonly<Record<string, unknown>>): boolean =>
  isObject(metadata) && typeof metadata.name === 'string';
