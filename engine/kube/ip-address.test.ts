import { describe, expect, it } from 'vitest';
import { isIp, isIpv4, isIpv6 } from './ip-address.ts';

describe('an IP address', () => {
  it('of the fourth version has four numbers below 256', () => {
    expect(['0.0.0.0', '10.9.8.7', '255.255.255.255'].filter(isIpv4)).toHaveLength(3);
    expect(['256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4x', ''].filter(isIpv4)).toEqual([]);
  });

  it('of the sixth has eight groups, or fewer around one gap', () => {
    const good = [
      '::',
      '::1',
      '2001:db8::ffff',
      '1:2:3:4:5:6:7:8',
      'fe80::1:2',
      '::ffff:10.0.0.1',
      '1:2:3:4:5:6:1.2.3.4',
    ];
    expect(good.filter((text) => !isIpv6(text))).toEqual([]);
    const bad = [
      ':',
      '1',
      '1:2',
      '1::2::3',
      '12345::',
      'g::',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8',
      '::1.2.3',
      '1.2.3.4::',
    ];
    expect(bad.filter(isIpv6)).toEqual([]);
  });

  it('is of either family', () => {
    expect([isIp('10.0.0.1'), isIp('::1'), isIp('localhost')]).toEqual([true, true, false]);
  });
});
