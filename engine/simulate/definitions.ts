// With the definition of a kind go all objects of that kind.
//
// Differs from API servers: there the objects go first, and the definition stays until the last of them has gone.
import { COLLECTIONS, collectionDefinedBy } from '../api/kinds.ts';
import { keyOf } from '../store/key.ts';
import type { Clock } from './clock.ts';
import type { KeptApi } from './kept-api.ts';

export function emptyWithDefinitions(api: KeptApi, clock: Clock): void {
  api.store.onChange(({ type, collection, object: definition }) => {
    if (type !== 'DELETED' || collection !== COLLECTIONS.definitions) return;
    const defined = collectionDefinedBy(definition);
    clock.after(0, () => {
      for (const object of api.store.list(defined)) api.writer.delete(keyOf(defined, object), api.now);
    });
  });
}
