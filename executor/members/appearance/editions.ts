// The templates that a workload has had. One that comes back is known again, by its number for the member's controllers, by its
// hash for names and labels, and counts as the newest revision for people.
import { canonicalJson, deepEqual, type MemberWorkload, numberIn, safeHash, specOf } from '../../../engine/index.ts';

/** How many a workload keeps that does not say. */
const HISTORY = 10;

export interface Edition {
  /** By which pods know it. */
  readonly number: number;
  readonly template: unknown;
  hash: string;
  /** As people count: one more each time that it becomes the newest; 0 where it never did. */
  revision: number;
  /** Of the object that stands for it; empty where there is none. */
  uid: string;
}

export class Editions {
  readonly #known = new WeakMap<MemberWorkload, Edition[]>();

  /** In the order in which they came up. */
  of(workload: MemberWorkload): readonly Edition[] {
    return this.#list(workload);
  }

  /** The one that a pod is of; the newest where that has been forgotten. */
  find(workload: MemberWorkload, number: number): Edition {
    return this.#list(workload).find((one) => one.number === number) ?? this.newest(workload);
  }

  newest(workload: MemberWorkload): Edition {
    const list = this.#list(workload);
    return (
      list.find(({ number }) => number === workload.revision) ?? this.#add(list, workload.revision, workload.template)
    );
  }

  /** The newest has become so just now, unless it was so before. */
  count(workload: MemberWorkload): void {
    const newest = this.newest(workload);
    const highest = Math.max(...this.#list(workload).map(({ revision }) => revision));
    if (newest.revision === 0 || newest.revision < highest) newest.revision = highest + 1;
  }

  numberOf(workload: MemberWorkload, template: unknown): number {
    const list = this.#list(workload);
    const known = list.find((one) => deepEqual(one.template, template));
    if (known !== undefined) return known.number;
    return this.#add(list, Math.max(...list.map(({ number }) => number)) + 1, template).number;
  }

  /** Forgets the oldest of those that nothing is of any more, as many as the workload does not want to keep, and tells which. */
  forgetOldest(workload: MemberWorkload, isInUse: (edition: Edition) => boolean): readonly Edition[] {
    const list = this.#list(workload);
    const newest = this.newest(workload);
    const limit = numberIn(specOf(workload.object), 'revisionHistoryLimit', HISTORY);
    const oldest = list
      .filter((one) => one !== newest && !isInUse(one))
      .sort((a, b) => b.revision - a.revision)
      .slice(limit);
    for (const edition of oldest) list.splice(list.indexOf(edition), 1);
    return oldest;
  }

  /** Its hash is another's already. */
  rehash(edition: Edition): void {
    edition.hash = hashOf(edition.template, edition.hash);
  }

  #list(workload: MemberWorkload): Edition[] {
    let list = this.#known.get(workload);
    if (list === undefined) {
      list = [];
      this.#known.set(workload, list);
      this.#add(list, workload.revision, workload.template);
    }
    return list;
  }

  #add(list: Edition[], number: number, template: unknown): Edition {
    const edition: Edition = { number, template, hash: hashOf(template, ''), revision: 0, uid: '' };
    while (list.some(({ hash }) => hash === edition.hash)) this.rehash(edition);
    list.push(edition);
    return edition;
  }
}

const hashOf = (template: unknown, salt: string): string => safeHash(`${canonicalJson(template)}${salt}`);
