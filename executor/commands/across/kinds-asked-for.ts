// The kinds that are asked for by words, as the hub serves them, or, where it does not know one, a member.
import { parseApiVersion } from '../../../engine/index.ts';
import { ApiObjects, ApiProblem } from '../../live/api-objects.ts';
import type { ServedKind } from '../../live/directory.ts';
import type { AskableApi, HttpApi } from '../../live/http-api.ts';
import { throughHub } from './fleet-access.ts';
import type { AskedFor } from './words.ts';

export interface KindAskedFor {
  readonly served: ServedKind;
  /** None for all of them. */
  readonly names: readonly string[];
  /** One of a category: not every cluster needs to serve it. */
  readonly isOfMany: boolean;
}

export async function kindsAskedFor(
  hub: HttpApi,
  objects: ApiObjects,
  clusters: readonly string[],
  asked: readonly AskedFor[],
): Promise<readonly KindAskedFor[]> {
  const found = new Map<string, KindAskedFor>();
  for (const { kind, name } of asked) {
    const category = await objects.inCategory(kind);
    const kinds = category.length > 0 ? category : [await kindCalled(hub, objects, clusters, kind)];
    for (const served of kinds) {
      const names = found.get(served.collection)?.names ?? [];
      found.set(served.collection, {
        served,
        names: name === null || names.includes(name) ? names : [...names, name],
        isOfMany: category.length > 0,
      });
    }
  }
  return [...found.values()];
}

/** Of the core group by its own name, "pod"; of any other with that, "deployment.apps". */
export function kindWord({ kind, apiVersion }: ServedKind): string {
  const { group } = parseApiVersion(apiVersion);
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

async function kindCalled(
  hub: HttpApi,
  objects: ApiObjects,
  clusters: readonly string[],
  word: string,
): Promise<ServedKind> {
  try {
    return await objects.called(word);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status === null) throw error;
    for (const cluster of clusters) {
      const served = await new ApiObjects(memberApi(hub, cluster), cluster).called(word).catch(ignoreProblem);
      if (served !== null) return served;
    }
    const asked = clusters.length === 0 ? '' : `, and no cluster that answers: ${clusters.join(', ')} were asked`;
    throw new ApiProblem(`${error.message}${asked}`, error.status);
  }
}

const memberApi = (hub: HttpApi, cluster: string): AskableApi => ({
  send: (asked) => hub.send({ ...asked, path: throughHub(cluster, asked.path) }),
  close: () => {},
});

function ignoreProblem(error: unknown): null {
  if (error instanceof ApiProblem) return null;
  throw error;
}
