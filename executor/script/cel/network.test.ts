import { describe, expect, it } from 'vitest';
import { celHost } from './host.ts';

const value = (expression: string): unknown => celHost.evaluate(expression, {});

describe('addresses, networks and URLs in rules', () => {
  it.each([
    "isIP('10.0.0.1') && !isIP('1.2.3') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0')",
    "ip('10.0.0.1').family() == 4 && ip('::1').family() == 6",
    "ip('::1').isLoopback() && !ip('10.0.0.1').isLoopback()",
    "ip('0.0.0.0').isUnspecified() && ip('169.254.1.1').isLinkLocalUnicast()",
    "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/08')",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.1.2.3'))",
    "!cidr('10.0.0.0/8').containsIP(ip('::1'))",
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
    "cidr('fd00::/8').ip().family() == 6 && cidr('fd00::/8').prefixLength() == 8",
    "isURL('https://x.y/z') && isURL('/a/b') && !isURL('nothing')",
    "url('https://x.y:8080/z%20a?a=b&a=c').getQuery()['a'] == ['b', 'c']",
    "url('https://x.y:8080/z%20a').getEscapedPath() == '/z%20a'",
    "url('https://[::1]:8080/').getHostname() == '::1' && url('https://x.y:8443/').getPort() == '8443'",
    "url('/a/b').getScheme() == '' && url('https://x.y:8080/').getHost() == 'x.y:8080'",
  ])('%s', (expression) => {
    expect(value(expression)).toBe(true);
  });

  it.each([
    ["ip('1.2.3')", '"1.2.3" is no IP address'],
    ["cidr('10.0.0.0')", '"10.0.0.0" is no CIDR'],
    ["url('nothing')", '"nothing" is no URL'],
  ])('%s cannot be read', (expression, why) => {
    expect(() => value(expression)).toThrow(why);
  });
});
