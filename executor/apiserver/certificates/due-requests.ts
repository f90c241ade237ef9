// Requests for certificates that somebody has made or answered, for those who see to them.
import { type Change, isObject, type KubeObject, type ObjectStore } from '../../../engine/index.ts';
import { items } from '../resources/cells.ts';

export const SIGNING_REQUESTS = 'certificates.k8s.io/certificatesigningrequests';

export class DueRequests {
  readonly #store: ObjectStore;
  readonly #due = new Set<string>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  notice({ collection, type, object }: Change): void {
    if (collection === SIGNING_REQUESTS && type !== 'DELETED') this.#due.add(object.metadata.name);
  }

  /** Those that are still there, by name; each once. */
  take(): readonly KubeObject[] {
    const names = [...this.#due].sort();
    this.#due.clear();
    return names.flatMap((name) => this.#store.get(SIGNING_REQUESTS, '', name) ?? []);
  }
}

export const statusOf = ({ status }: KubeObject): Record<string, unknown> => (isObject(status) ? status : {});

export const hasCondition = (request: KubeObject, ...types: readonly string[]): boolean =>
  items(statusOf(request).conditions).some(({ type }) => types.includes(String(type)));
