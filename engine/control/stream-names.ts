// What a collection of a place is called where both count as one. Joined once: there are as many questions as changes.
import type { Place } from './place.ts';

export class StreamNames {
  readonly #names = new Map<Place, Map<string, string>>();

  of(place: Place, collection: string): string {
    let names = this.#names.get(place);
    if (names === undefined) {
      names = new Map();
      this.#names.set(place, names);
    }
    let name = names.get(collection);
    if (name === undefined) {
      name = `${place} ${collection}`;
      names.set(collection, name);
    }
    return name;
  }
}
