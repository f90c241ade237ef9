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
const LINK_LOCAL_MULTICAST = [network('224.0.0.0/24'), network('ff02::/16'), network('ff12::/16')];
const MULTICAST = [network('224.0.0.0/4'), network('ff00::/8')];
const BROADCAST = [network('255.255.255.255/32')];
const UNSPECIFIED = [network('0.0.0.0/32'), network('::/128')];
const isWithin = (networks: readonly Network[], one: Address): boolean => networks.some((each) => each.has(one));

/** Private addresses too: unicast that is meant for no single link or machine. */
const isGlobalUnicast = (one: Address): boolean =>
  !isWithin([...LOOPBACK, ...LINK_LOCAL, ...MULTICAST, ...BROADCAST, ...UNSPECIFIED], one);

const hostOf = ({ text, family }: Address): string =>
  family === 4 ? text : new URL(`none://[${text}]`).hostname.slice(1, -1);

/** The network's own address, without the bits of a host in it. */
function masked({ address: one, length }: Network): Network {
  const bits = one.family === 4 ? 32 : 128;
  const keep = ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
  return new Network(new Address(textOf(bitsOf(one) & keep, one.family), one.family), length);
}

function bitsOf({ text, family }: Address): bigint {
  if (family === 4) return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [left = '', right] = hostOf(new Address(text, family)).split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: right === undefined ? 0 : 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

function textOf(bits: bigint, family: Family): string {
  const [count, size] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: count },
    (_, at) => (bits >> (BigInt(count - 1 - at) * size)) & ((1n << size) - 1n),
  );
  if (family === 4) return parts.join('.');
  return hostOf(new Address(parts.map((part) => part.toString(16)).join(':'), family));
}

const networkText = ({ address: one, length }: Network): string => `${hostOf(one)}/${length}`;

/** What stands before the dot in `ip.isCanonical(text)`. */
class Addresses {}

const containsNetwork = (outer: Network, inner: Network): boolean =>
  inner.length >= outer.length && outer.has(inner.address);

const queryOf = ({ url }: Locator): Map<string, string[]> =>
  new Map([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)]));

export function addNetwork(environment: Environment): Environment {
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
    .registerFunction('IP.isLinkLocalMulticast(): bool', (one: Address) => isWithin(LINK_LOCAL_MULTICAST, one))
    .registerFunction('IP.isGlobalUnicast(): bool', isGlobalUnicast)
    .registerFunction('string(IP): string', hostOf)
    .registerOperator('IP == IP', (a: Address, b: Address) => hostOf(a) === hostOf(b))
    .registerType('Addresses', Addresses)
    .registerConstant('ip', 'Addresses', new Addresses())
    .registerFunction(
      'Addresses.isCanonical(string): bool',
      (_: Addresses, text: string) => hostOf(address(text)) === text,
    )
    .registerFunction('isCIDR(string): bool', (text: string) => readNetwork(text) !== null)
    .registerFunction('cidr(string): CIDR', network)
    .registerFunction('CIDR.ip(): IP', (one: Network) => one.address)
    .registerFunction('CIDR.masked(): CIDR', masked)
    .registerFunction('string(CIDR): string', networkText)
    .registerOperator('CIDR == CIDR', (a: Network, b: Network) => networkText(a) === networkText(b))
    .registerFunction('CIDR.prefixLength(): int', ({ length }: Network) => BigInt(length))
    .registerFunction('CIDR.containsIP(string): bool', (one: Network, text: string) => one.has(address(text)))
    .registerFunction('CIDR.containsIP(IP): bool', (one: Network, other: Address) => one.has(other))
    .registerFunction('CIDR.containsCIDR(string): bool', (one: Network, text: string) =>
      containsNetwork(one, network(text)),
    )
    .registerFunction('CIDR.containsCIDR(CIDR): bool', containsNetwork)
    .registerFunction('isURL(string): bool', (text: string) => readLocator(text) !== null)
    .registerFunction('url(string): URL', (text: string) => must(readLocator(text), text, 'URL'))
    .registerOperator('URL == URL', (a: Locator, b: Locator) => a.url.href === b.url.href)
    .registerFunction('URL.getScheme(): string', ({ url }: Locator) => url.protocol.replace(/^none:|:$/g, ''))
    .registerFunction('URL.getHost(): string', ({ url }: Locator) => url.host)
    .registerFunction('URL.getHostname(): string', ({ url }: Locator) => url.hostname.replace(/^\[|\]$/g, ''))
    .registerFunction('URL.getPort(): string', ({ url }: Locator) => url.port)
    .registerFunction('URL.getEscapedPath(): string', ({ url }: Locator) => url.pathname)
    .registerFunction('URL.getQuery(): map<string, list<string>>', queryOf);
}
