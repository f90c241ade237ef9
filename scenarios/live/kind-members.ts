// Members that kind makes for the scenario, of one node each, and deletes when it is over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { KIND_PREFIX, Kind } from '../../executor/members/kind.ts';
import type { KindImages } from '../../executor/members/kind-images.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { MemberError } from '../../executor/members/member.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LiveMember, LiveMembers, ServingListener } from './live-members.ts';
import { RealMember } from './real-member.ts';

export interface KindMembersOptions {
  readonly images: KindImages;
  readonly say: (text: string) => void;
}

interface Making {
  readonly folder: string;
  readonly kind: Kind;
}

export class KindMembers implements LiveMembers {
  readonly sort = 'kind';
  readonly areKept = false;
  readonly #options: KindMembersOptions;
  #making: Making | null = null;

  constructor(options: KindMembersOptions) {
    this.#options = options;
  }

  /** A cluster that was there before is somebody's, and neither used nor deleted. */
  async prepare(names: readonly string[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-kind-'));
    const { node } = this.#options.images;
    const kind = new Kind({ kubeconfig: join(folder, 'kubeconfig'), ...(node !== null && { image: node }) });
    this.#making = { folder, kind };
    const known = await kind.list();
    const taken = names.filter((name) => known.includes(name)).map((name) => KIND_PREFIX + name);
    if (taken.length === 0) return;
    throw new MemberError(
      `kind has ${taken.join(', ')} already: try ${taken.map((name) => `"kind delete cluster --name ${name}"`).join(', ')}`,
    );
  }

  async admit(cluster: FleetCluster, hear: ServingListener): Promise<LiveMember> {
    const { folder, kind } = this.#making!;
    const { images, say } = this.#options;
    const { name } = cluster;
    say(`kind creates ${KIND_PREFIX}${name}`);
    await kind.create(name, {
      provider: cluster.provider,
      region: cluster.region,
      zone: cluster.zones[0] ?? '',
    });
    let real: RealMember | null = null;
    try {
      for (const image of images.loaded) await kind.loadImage(name, image);
      const file = join(folder, `${name}.kubeconfig`);
      await writeAtomically(file, await kind.kubeconfig(name), { mode: 0o600 });
      real = new RealMember(await contextAddress({ file, context: null }), hear);
      return this.#member(name, real, await real.found(cluster), kind);
    } catch (error) {
      real?.close();
      await kind.delete(name).catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#making !== null) await rm(this.#making.folder, { recursive: true, force: true });
  }

  #member(name: string, real: RealMember, found: FleetCluster, kind: Kind): LiveMember {
    let doing: Promise<unknown> = Promise.resolve();
    const next = (act: () => Promise<unknown>): void => {
      doing = doing.then(act).catch((error: Error) => this.#options.say(error.message));
    };
    return {
      address: real.address,
      found,
      strike: () => {
        real.power(false);
        next(() => kind.kill(name));
        return () =>
          next(async () => {
            await kind.start(name);
            real.power(true);
          });
      },
      resize: () => {},
      watch: (collection) => real.watch(collection),
      object: (key) => real.object(key),
      objects: (collection) => real.objects(collection),
      close: async () => {
        await doing;
        real.close();
        await kind.delete(name);
      },
    };
  }
}
