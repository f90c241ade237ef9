// Whether a text is an IP address, of either family.

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

export const isIpv4 = (text: string): boolean => IPV4.test(text);

/** Eight groups of up to four hexadecimal digits; "::" stands for as many zeros as are missing, an IPv4 tail for two. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)!;
  const tail = last.at(-1);
  let count = groups.flat().length;
  if (tail?.includes('.')) {
    if (!isIpv4(tail)) return false;
    last[last.length - 1] = '0';
    count += 1;
  }
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}

export const isIp = (text: string): boolean => isIpv4(text) || isIpv6(text);
