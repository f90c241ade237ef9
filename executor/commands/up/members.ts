// The members of a fleet that `muster up` started: made or found, joined, and, where they are embedded, made anew when they have died.
import { rm } from 'node:fs/promises';
import { writeAtomically } from '../../files/write-atomic.ts';
import { type TokenAccess, tokenAddress } from '../../live/address.ts';
import { type ApiAddress, HttpApi } from '../../live/http-api.ts';
import { join } from '../../live/join.ts';
import { EMBEDDED_BEHAVIORS, EMBEDDED_NODES, type EmbeddedMember, startEmbedded } from '../../members/embedded.ts';
import { KIND_PREFIX, Kind } from '../../members/kind.ts';
import type { KindImages } from '../../members/kind-images.ts';
import { contextAddress } from '../../members/kubeconfig.ts';
import { MemberError } from '../../members/member.ts';
import type { WantedMember } from '../../members/wanted.ts';
import { identityOf } from '../../storage/disk/process-identity.ts';
import { hasDeadForebear } from './forebear.ts';
import type { NamedAccess } from './kubeconfig-file.ts';
import { kindKubeconfigIn, kindKubectlWords, kindMemberKubeconfigIn, type MemberState } from './state.ts';

interface Started {
  readonly wanted: WantedMember;
  readonly address: ApiAddress;
  /** Null for clusters that the user has a way to already. */
  readonly access: TokenAccess | null;
  readonly embedded: EmbeddedMember | null;
}

export interface MembersOptions {
  readonly hub: HttpApi;
  readonly folder: string;
  /** Where contexts of the user's own are read; null for where kubectl reads them. */
  readonly kubeconfig: string | null;
  readonly images: KindImages;
  readonly say: (text: string) => void;
}

/** Embedded members are in these in turn, so that policies by region have something to choose from. */
const REGIONS = ['eu', 'us', 'ap'] as const;

const regionOf = (name: string): string => REGIONS[(Number(/\d+$/.exec(name)?.[0] ?? 1) - 1) % REGIONS.length]!;

export class Members {
  readonly #options: MembersOptions;
  readonly #kind: Kind;
  readonly #ends: (() => Promise<unknown>)[] = [];
  #started: readonly Started[] = [];

  constructor(options: MembersOptions) {
    this.#options = options;
    const { node } = options.images;
    this.#kind = new Kind({ kubeconfig: kindKubeconfigIn(options.folder), ...(node !== null && { image: node }) });
  }

  /** All at once; if one fails, those that came up end with `close`. */
  async start(wanted: readonly WantedMember[]): Promise<void> {
    const taken = wanted.some((one) => one.kind === 'kind') ? await this.#kind.list() : [];
    const outcomes = await Promise.allSettled(wanted.map((one) => this.#startOne(one, taken)));
    const failed = outcomes.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    this.#started = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(this.#started.map((one) => this.#join(one, false)));
  }

  /** Embedded members whose process has died begin again, with nothing in them, where they were. Tells their names. */
  async revive(): Promise<readonly string[]> {
    const revived: string[] = [];
    this.#started = await Promise.all(
      this.#started.map(async (one) => {
        if (one.embedded === null || one.embedded.isAlive()) return one;
        const { port } = new URL(one.embedded.server);
        const again = await this.#startEmbedded(one.wanted, Number(port));
        await this.#join(again, true);
        revived.push(one.wanted.name);
        return again;
      }),
    );
    return revived;
  }

  /** Those that users have no way to yet. */
  accesses(): readonly NamedAccess[] {
    return this.#started.flatMap(({ wanted: { name }, access }) => (access === null ? [] : [{ ...access, name }]));
  }

  states(): readonly MemberState[] {
    return this.#started.map(({ wanted: { name, kind }, embedded }) => ({
      name,
      kind,
      process: embedded === null ? null : identityOf(embedded.pid),
    }));
  }

  async close(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
  }

  async #startOne(wanted: WantedMember, taken: readonly string[]): Promise<Started> {
    if (wanted.kind === 'kubeconfig') {
      const address = await contextAddress({ file: this.#options.kubeconfig, context: wanted.context });
      return { wanted, address, access: null, embedded: null };
    }
    return wanted.kind === 'kind' ? this.#startKind(wanted, taken) : this.#startEmbedded(wanted, 0);
  }

  async #startEmbedded(wanted: WantedMember, port: number): Promise<Started> {
    const { name } = wanted;
    const embedded = await startEmbedded({ name, nodes: EMBEDDED_NODES, behaviors: EMBEDDED_BEHAVIORS, port });
    this.#ends.push(() => embedded.close());
    return { wanted, address: tokenAddress(embedded), access: embedded, embedded };
  }

  /** A cluster that was there before is somebody's, and neither used nor deleted. */
  async #startKind(wanted: WantedMember, taken: readonly string[]): Promise<Started> {
    const { name } = wanted;
    const { folder, images, say } = this.#options;
    if (taken.includes(name)) {
      throw new MemberError(
        `kind has a cluster ${KIND_PREFIX}${name} already: try "kind delete cluster --name ${KIND_PREFIX}${name}"`,
      );
    }
    say(`kind creates ${KIND_PREFIX}${name}`);
    await this.#kind.create(name, { provider: 'kind', region: 'local', zone: `local-${name}` });
    this.#ends.push(() => this.#kind.delete(name));
    for (const image of images.loaded) {
      await this.#kind.loadImage(name, image);
      say(`${KIND_PREFIX}${name} has ${image}`);
    }
    const file = kindMemberKubeconfigIn(folder, name);
    await writeAtomically(file, await this.#kind.kubeconfig(name), { mode: 0o600 });
    this.#ends.push(() => rm(file, { force: true }));
    say(kindKubectlWords(folder, name));
    return { wanted, address: await contextAddress({ file, context: null }), access: null, embedded: null };
  }

  async #join({ wanted, address }: Started, isSuccessor: boolean): Promise<void> {
    const member = new HttpApi(address);
    try {
      const { name, kind } = wanted;
      const region = kind === 'embedded' ? regionOf(name) : 'local';
      const spec = kind === 'kubeconfig' ? {} : { provider: kind, region, zones: [`${region}-${name}`] };
      const { hub } = this.#options;
      const succeeds = isSuccessor || (kind === 'embedded' && (await hasDeadForebear(hub, name)));
      await join({ name, hub, member, address, spec, isSuccessor: succeeds });
    } finally {
      member.close();
    }
  }
}
