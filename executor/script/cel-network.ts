// The functions that Kubernetes adds to CEL for addresses, networks and URLs.
import { BlockList, isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';

type Family = 4 | 6;

class Address {
  readonly text: string;
  readonly family: Family;

  constructor(text: string, family: Family) {
    this.text = text;
    this.family = family;
  }
}

class Network {
  readonly address: Address;
  readonly length: number;

  constructor(address: Address, length: number) {
    this.address = address;
    this.length = length;
  }

  has({ text, family }: Address): boolean {
    if (family !== this.address.family) return false;
    const list = new BlockList();
    list.addSubnet(this.address.text, this.length, typeOf(this.address));
    return list.check(text, typeOf(this.address));
  }
}

class Locator {
  readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }
}

const typeOf = ({ family }: Address): 'ipv4' | 'ipv6' => (family === 4 ? 'ipv4' : 'ipv6');

/** Zones, and addresses of one family in the clothes of the other, are none for Kubernetes. */
function readAddress(text: string): Address | null {
  const family = isIP(text);
  const isPlain = !text.includes('%') && !(family === 6 && text.includes('.'));
  return family !== 0 && isPlain ? new Address(text, family as Family) : null;
}

function readNetwork(text: string): Network | null {
  const [, before = '', after = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = readAddress(before);
  const length = Number(after);
  return address === null || length > (address.family === 4 ? 32 : 128) ? null : new Network(address, length);
}

/** With a scheme, or a path from the root. */
function readLocator(text: string): Locator | null {
  const whole = text.startsWith('/') ? `none:${text}` : text;
  return URL.canParse(whole) ? new Locator(new URL(whole)) : null;
}

function must<T>(value: T | null, text: string, what: string): T {
  if (value === null) throw new Error(`"${text}" is no ${what}`);
  return value;
}

const address = (text: string): Address => must(readAddress(text), text, 'IP address');
const network = (text: string): Network => must(readNetwork(text), text, 'CIDR');

const LOOPBACK = [network('127.0.0.0/8'), network('::1/128')];
const LINK_LOCAL = [network('169.254.0.0/16'), network('fe80::/10')];
const UNSPECIFIED = [network('0.0.0.0/32'), network('::/128')];
const isWithin = (networks: readonly Network[], one: Address): boolean => networks.some((each) => each.has(one));

const containsNetwork = (outer: Network, inner: Network): boolean =>
  inner.length >= outer.length && outer.has(inner.address);

const queryOf = ({ url }: Locator): Map<string, string[]> =>
  new Map([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)]));

export function addNetworkLibrary(environment: Environment): Environment {
  return environment
    .registerType('IP', Address)
    .registerType('CIDR', Network)
    .registerType('URL', Locator)
    .registerFunction('isIP(string): bool', (text: string) => readAddress(text) !== null)
    .registerFunction('ip(string): IP', address)
    .registerFunction('IP.family(): int', ({ family }: Address) => BigInt(family))
    .registerFunction('IP.isLoopback(): bool', (one: Address) => isWithin(LOOPBACK, one))
    .registerFunction('IP.isUnspecified(): bool', (one: Address) => isWithin(UNSPECIFIED, one))
    .registerFunction('IP.isLinkLocalUnicast(): bool', (one: Address) => isWithin(LINK_LOCAL, one))
    .registerFunction('isCIDR(string): bool', (text: string) => readNetwork(text) !== null)
    .registerFunction('cidr(string): CIDR', network)
    .registerFunction('CIDR.ip(): IP', (one: Network) => one.address)
    .registerFunction('CIDR.prefixLength(): int', ({ length }: Network) => BigInt(length))
    .registerFunction('CIDR.containsIP(string): bool', (one: Network, text: string) => one.has(address(text)))
    .registerFunction('CIDR.containsIP(IP): bool', (one: Network, other: Address) => one.has(other))
    .registerFunction('CIDR.containsCIDR(string): bool', (one: Network, text: string) =>
      containsNetwork(one, network(text)),
    )
    .registerFunction('CIDR.containsCIDR(CIDR): bool', containsNetwork)
    .registerFunction('isURL(string): bool', (text: string) => readLocator(text) !== null)
    .registerFunction('url(string): URL', (text: string) => must(readLocator(text), text, 'URL'))
    .registerFunction('URL.getScheme(): string', ({ url }: Locator) => url.protocol.replace(/^none:|:$/g, ''))
    .registerFunction('URL.getHost(): string', ({ url }: Locator) => url.host)
    .registerFunction('URL.getHostname(): string', ({ url }: Locator) => url.hostname.replace(/^\[|\]$/g, ''))
    .registerFunction('URL.getPort(): string', ({ url }: Locator) => url.port)
    .registerFunction('URL.getEscapedPath(): string', ({ url }: Locator) => url.pathname)
    .registerFunction('URL.getQuery(): map<string, list<string>>', queryOf);
}
