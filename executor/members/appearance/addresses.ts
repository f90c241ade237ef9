// Addresses for nodes and pods: each node has one of its own and a block of 256 for its pods, and another block when that is full.

/** 10.128.0.0/9, in blocks of 256; the first that is given out is 10.244.0.0/24. */
const BLOCKS = 128 * 256;
const FIRST_BLOCK = (244 - 128) * 256;
/** Neither the network itself, nor its gateway, nor everybody. */
const FIRST_HOST = 2;
const LAST_HOST = 254;

interface NodeAddresses {
  readonly own: string;
  readonly blocks: number[];
  readonly taken: Set<string>;
  next: number;
}

export class Addresses {
  readonly #nodes = new Map<string, NodeAddresses>();
  #blocksGiven = 0;

  nodeAddress(node: string): string {
    return this.#of(node).own;
  }

  /** The first block of a node. */
  podRange(node: string): string {
    return `${networkOf(this.#of(node).blocks[0]!)}.0/24`;
  }

  take(node: string): string {
    const { taken, blocks } = this.#of(node);
    if (taken.size >= blocks.length * (LAST_HOST - FIRST_HOST + 1)) blocks.push(this.#freshBlock());
    for (;;) {
      const address = this.#next(node);
      if (taken.has(address)) continue;
      taken.add(address);
      return address;
    }
  }

  give(node: string, address: string): void {
    this.#nodes.get(node)?.taken.delete(address);
  }

  /** In turn, so that an address that was given back rests for a while. */
  #next(node: string): string {
    const one = this.#of(node);
    const hosts = LAST_HOST - FIRST_HOST + 1;
    const at = one.next % (one.blocks.length * hosts);
    one.next = at + 1;
    return `${networkOf(one.blocks[Math.floor(at / hosts)]!)}.${FIRST_HOST + (at % hosts)}`;
  }

  #of(node: string): NodeAddresses {
    let found = this.#nodes.get(node);
    if (found === undefined) {
      const number = this.#nodes.size + 2;
      const own = `172.${18 + ((number >> 16) % 14)}.${(number >> 8) & 255}.${number & 255}`;
      found = { own, blocks: [this.#freshBlock()], taken: new Set(), next: 0 };
      this.#nodes.set(node, found);
    }
    return found;
  }

  #freshBlock(): number {
    this.#blocksGiven += 1;
    return (FIRST_BLOCK + this.#blocksGiven - 1) % BLOCKS;
  }
}

const networkOf = (block: number): string => `10.${128 + (block >> 8)}.${block & 255}`;
