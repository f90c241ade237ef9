// Goes on showing what changes in many clusters, a row for every change, until it is told to end. A watch that ends is taken up
// again where it ended; one whose past is gone begins anew from now.
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../../../engine/index.ts';
import type { HttpApi } from '../../live/http-api.ts';
import { ask, parsed, throughHub } from './fleet-access.ts';
import { type ClusterTable, tableIn } from './table.ts';

const AGAIN_MS = 1_000;

export interface Followed {
  readonly cluster: string;
  readonly path: string;
  /** From where on; the first table that was shown is of this revision. */
  readonly revision: string;
  readonly columns: ClusterTable['columns'];
}

export async function followTable(
  hub: HttpApi,
  { cluster, path, revision: first, columns }: Followed,
  accept: string,
  show: (table: ClusterTable) => void,
  signal: AbortSignal,
): Promise<void> {
  let revision: string | null = first;
  const separator = path.includes('?') ? '&' : '?';
  const hear = (line: string): void => {
    const event = parsed(line);
    const object = isObject(event?.object) ? event.object : null;
    if (object === null) return;
    const seen = revisionOf(object);
    if (event?.type === 'ERROR') revision = null;
    else if (seen !== null) revision = seen;
    if (event?.type === 'BOOKMARK' || event?.type === 'ERROR' || object.kind !== 'Table') return;
    const table = tableIn(cluster, object);
    // Only the first event of a watch tells of the columns.
    show(table.columns.length > 0 ? table : { ...table, columns });
  };
  while (!signal.aborted) {
    revision ??= await revisionNow(hub, cluster, path);
    if (revision !== null) {
      const query = `${separator}watch=true&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(revision)}`;
      await new Promise<void>((ended) => {
        const over = (refused: number | null): void => {
          if (refused === 410) revision = null;
          signal.removeEventListener('abort', interrupted);
          ended();
        };
        const interrupted = (): void => {
          stop();
          ended();
        };
        signal.addEventListener('abort', interrupted);
        const stop = hub.stream(throughHub(cluster, path + query), hear, over, accept);
      });
    }
    if (!signal.aborted) await sleep(AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

async function revisionNow(hub: HttpApi, cluster: string, path: string): Promise<string | null> {
  const answer = await ask(hub, cluster, path);
  return answer.ok ? revisionOf(answer.body) : null;
}

export function revisionOf(body: Record<string, unknown>): string | null {
  const own = isObject(body.metadata) ? body.metadata.resourceVersion : undefined;
  if (typeof own === 'string' && own !== '') return own;
  // A table of one object has the revision in its row.
  const [row] = Array.isArray(body.rows) ? body.rows : [];
  const object = isObject(row) && isObject(row.object) ? row.object : {};
  const inner = isObject(object.metadata) ? object.metadata.resourceVersion : undefined;
  return typeof inner === 'string' ? inner : null;
}
