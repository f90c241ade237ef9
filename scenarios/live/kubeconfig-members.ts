// Members that the user has: clusters of a kubeconfig, each of which stands for one of the scenario's. They join like any other and
// leave when it is over; what was in them before is left alone.

import { type ApiAddress, HttpApi } from '../../executor/live/http-api.ts';
import { joinedAlready } from '../../executor/live/join.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { MemberError } from '../../executor/members/member.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LiveMember, LiveMembers, ServingListener } from './live-members.ts';
import { RealMember } from './real-member.ts';

export interface KubeconfigMembersOptions {
  /** Null for where kubectl looks. */
  readonly file: string | null;
  /** By cluster of the scenario. */
  readonly contexts: ReadonlyMap<string, string>;
}

export class KubeconfigMembers implements LiveMembers {
  readonly sort = 'kubeconfig';
  readonly areKept = true;
  readonly #options: KubeconfigMembersOptions;
  readonly #addresses = new Map<string, ApiAddress>();

  constructor(options: KubeconfigMembersOptions) {
    this.#options = options;
  }

  async prepare(names: readonly string[]): Promise<void> {
    const { file, contexts } = this.#options;
    const contextById = new Map<string, string>();
    for (const name of names) {
      const context = contexts.get(name)!;
      const address = await contextAddress({ file, context });
      const id = await idOfNewcomer(name, context, address);
      const twin = contextById.get(id);
      if (twin !== undefined) throw new MemberError(`the contexts ${twin} and ${context} lead to the same cluster`);
      contextById.set(id, context);
      this.#addresses.set(name, address);
    }
  }

  async admit(cluster: FleetCluster, hear: ServingListener): Promise<LiveMember> {
    const real = new RealMember(this.#addresses.get(cluster.name)!, hear);
    try {
      return {
        address: real.address,
        found: await real.found(cluster),
        strike: () => () => {},
        resize: () => {},
        watch: (collection) => real.watch(collection),
        object: (key) => real.object(key),
        objects: (collection) => real.objects(collection),
        close: async () => real.close(),
      };
    } catch (error) {
      real.close();
      throw error;
    }
  }

  async close(): Promise<void> {}
}

/** What somebody else made for a fleet of his would be taken away with what we make. */
async function idOfNewcomer(name: string, context: string, address: ApiAddress): Promise<string> {
  const api = new HttpApi(address);
  try {
    const { id, traces } = await joinedAlready(api, name);
    if (traces.length === 0) return id;
    throw new MemberError(
      `the cluster of context ${context} is a member of a fleet already: it has ${traces.join(', ')}; "muster unjoin" takes it out`,
    );
  } finally {
    api.close();
  }
}
