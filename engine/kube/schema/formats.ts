// The formats of texts that schemas may ask for; formats that Kubernetes does not know accept everything.
import { isIp, isIpv4, isIpv6 } from '../ip-address.ts';
import { parseTime } from '../time.ts';

const HOSTNAME = /^([a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/;
const GO_DURATION = /^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$|^0$/;
const WORDED_DURATION = /^\d+ ?(days?|weeks?|hours?|minutes?|seconds?)$/;
const URI = /^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$|^\/\S*$/;

const uuidOf = (third: string, fourth: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i');
const UUID = uuidOf('[0-9a-f]{4}', '[0-9a-f]{4}');
const UUID3 = uuidOf('3[0-9a-f]{3}', '[0-9a-f]{4}');
const UUID4 = uuidOf('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}');
const UUID5 = uuidOf('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}');

function isCidr(text: string): boolean {
  const match = /^(.+)\/(\d{1,3})$/.exec(text);
  if (match === null) return false;
  const [, address, bits] = match as unknown as [string, string, string];
  return isIp(address) && Number(bits) <= (isIpv4(address) ? 32 : 128);
}

const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', (text) => parseTime(text) !== null],
  ['date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && parseTime(`${text}T00:00:00Z`) !== null],
  ['duration', (text) => GO_DURATION.test(text) || WORDED_DURATION.test(text)],
  ['email', (text) => /^[^\s@]+@[^\s@]+$/.test(text)],
  ['hostname', (text) => text.length <= 253 && HOSTNAME.test(text)],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['cidr', isCidr],
  ['uri', (text) => URI.test(text)],
  ['uuid', (text) => UUID.test(text)],
  ['uuid3', (text) => UUID3.test(text)],
  ['uuid4', (text) => UUID4.test(text)],
  ['uuid5', (text) => UUID5.test(text)],
  ['byte', (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)],
  ['mac', (text) => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text)],
]);

export const fitsFormat = (text: string, format: string): boolean => CHECKS.get(format)?.(text) ?? true;
