// What applying has made, under a name: a ConfigMap on the hub, so that what is no longer asked for can be taken away again, and
// nothing else ever is.
import { isObject, type KubeObject, SYSTEM_NAMESPACE } from '../../../engine/index.ts';
import { type ApiObjects, ApiProblem, type Reference, referenceTo } from '../api-objects.ts';

export interface Made extends Reference {
  /** A later object of that name is somebody else's. */
  readonly uid: string;
}

const FIELD = 'objects.json';
const keyOf = ({ apiVersion, kind, namespace = '', name }: Reference): string =>
  JSON.stringify([apiVersion.split('/').at(-2) ?? '', kind, namespace, name]);

export class Inventory {
  readonly #hub: ApiObjects;
  readonly #reference: Reference;
  #made = new Map<string, Made>();

  constructor(hub: ApiObjects, name: string) {
    this.#hub = hub;
    this.#reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: SYSTEM_NAMESPACE,
      name: `muster-apply-${name}`,
    };
  }

  async read(): Promise<void> {
    const found = await this.#hub.get(this.#reference);
    const text = isObject(found?.data) ? found.data[FIELD] : undefined;
    if (text === undefined) return;
    try {
      this.#made = new Map((JSON.parse(String(text)) as Made[]).map((made) => [keyOf(made), made]));
    } catch {
      throw new ApiProblem(
        `ConfigMap ${SYSTEM_NAMESPACE}/${this.#reference.name} cannot be read: mend or delete it`,
        null,
      );
    }
  }

  /** What was made and is still there as it was made, without these. */
  async left(wanted: readonly KubeObject[]): Promise<readonly { readonly made: Made; readonly there: KubeObject }[]> {
    const kept = new Set(wanted.map((object) => keyOf(referenceTo(object))));
    const left: { made: Made; there: KubeObject }[] = [];
    for (const [key, made] of this.#made) {
      if (kept.has(key)) continue;
      const there = await this.#hub.get(made);
      if (there !== null && there.metadata.uid === made.uid && there.metadata.deletionTimestamp === undefined) {
        left.push({ made, there: { ...there, apiVersion: made.apiVersion, kind: made.kind } });
      }
    }
    return left;
  }

  note(object: KubeObject): void {
    const made = { ...referenceTo(object), uid: object.metadata.uid ?? '' };
    this.#made.set(keyOf(made), made);
  }

  forget(reference: Reference): void {
    this.#made.delete(keyOf(reference));
  }

  async write(): Promise<void> {
    const { namespace, name } = this.#reference;
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM_NAMESPACE } };
    if ((await this.#hub.get(referenceTo(space))) === null) await this.#hub.create(space);
    const data = { [FIELD]: JSON.stringify([...this.#made.values()]) };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: namespace! }, data };
    await this.#hub.apply(object, { manager: 'muster-apply', force: true });
  }
}
