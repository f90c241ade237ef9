// Tests of what Kubernetes adds to CEL, library by library, with the values that its own documentation gives.
import { describe, expect, it } from 'vitest';
import { celHost } from './host.ts';

const value = (expression: string): unknown => celHost.evaluate(expression, {});

const TRUE: Readonly<Record<string, readonly string[]>> = {
  'lists and sets': [
    "['a', 'b', 'a'].lastIndexOf('a') == 2 && [[1], [2]].indexOf([2]) == 1 && [1].indexOf(5) == -1",
    'sets.contains([1, 2, 3], [3, 1]) && !sets.contains([1], [2]) && sets.contains([1], [])',
    'sets.equivalent([1, 2, 2], [2, 1]) && !sets.equivalent([1], [1, 2])',
    'sets.intersects([1, 2], [2, 3]) && !sets.intersects([1], [])',
  ],
  patterns: [
    "'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''",
    "'123 abc 456'.findAll('[0-9]+') == ['123', '456'] && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']",
    "'1 2'.findAll('[0-9]', 0) == [] && 'baab'.findAll('a*') == ['', 'aa', '']",
    "matches('web-1', '^[a-z]+-[0-9]$') && 'a.find(b'.size() == 8",
  ],
  texts: [
    "'hello hello'.replace('he', 'we', 1) == 'wello hello' && 'aa'.replace('a', 'b', 0) == 'aa'",
    "strings.quote('first\\nsecond') == '\"first\\\\nsecond\"'",
    "'TacoCÆt'.lowerAscii() == 'tacocÆt' && 'TacoCÆt Xii'.upperAscii() == 'TACOCÆT XII'",
    "'a,b,c'.split(',', 2) == ['a', 'b,c'] && ['x', 'y'].join('-') == 'x-y'",
    "'tacocat'.substring(4) == 'cat' && ' a '.trim() == 'a' && 'abc'.charAt(3) == ''",
  ],
  'formatted texts': [
    "'%s has %d of %d'.format(['web', 3, 4]) == 'web has 3 of 4'",
    "'%% and %s%%'.format(['x']) == '% and x%' && '%b %o %x %X'.format([5, 11, 30, 30]) == '101 13 1e 1E'",
    "'%b'.format([true]) == '1' && '%x'.format(['Hello']) == '48656c6c6f' && '%x'.format([b'a']) == '61'",
    "'%.3f %f'.format([1.2345, 2.71828]) == '1.234 2.718280' && '%.2f'.format([1234.5]) == '1,234.50'",
    "'%e'.format([2.71828]) == '2.718280\\u202f×\\u202f10⁰⁰'",
    "'%s %s %s'.format([2.71, 0.000000002, [2.71]]) == '2.71 2e-09 [2.710000]'",
    `'%s'.format([["abc", 3.14, null, [9, 8], timestamp("2023-02-03T23:31:20Z")]]) ==
      '["abc", 3.140000, null, [9, 8], timestamp("2023-02-03T23:31:20Z")]'`,
    `'%s'.format([{"key1": b"xyz", "key5": null, "key2": duration("2h"), "key4": true, "key3": 2.71828}]) ==
      '{"key1":b"xyz", "key2":duration("7200s"), "key3":2.718280, "key4":true, "key5":null}'`,
    "'%s %s'.format([duration('1h45m47s'), duration('2ns')]) == '6347s 0.000000002s'",
    "'%s %s'.format([timestamp('2023-02-03T23:31:20+00:00'), b'xyz']) == '2023-02-03T23:31:20Z xyz'",
    "'%f'.format([double('NaN')]) == 'NaN' && '%d'.format([uint(64)]) == '64'",
  ],
  'named formats': [
    "!format.dns1123Label().validate('my-label').hasValue() && format.dns1123Label().validate('My').hasValue()",
    "!format.dns1123Subdomain().validate('a.b').hasValue() && format.dns1035Label().validate('1a').hasValue()",
    "!format.dns1123LabelPrefix().validate('web-').hasValue() && format.dns1123Label().validate('web-').hasValue()",
    "!format.qualifiedName().validate('example.com/name').hasValue() && format.labelValue().validate('-').hasValue()",
    "format.named('uuid').hasValue() && !format.named('nothing').hasValue()",
    "format.uuid().validate('x').value() == ['does not match the UUID format']",
    "!format.uri().validate('https://x.y').hasValue() && format.byte().validate('?').value()[0] == 'invalid base64'",
    "!format.date().validate('2021-01-01').hasValue() && format.datetime().validate('2021-01-01').hasValue()",
  ],
  quantities: [
    "quantity('50k').add(quantity('20k')) == quantity('70k') && quantity('50k').sub(20000) == quantity('30k')",
    "quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')",
    "quantity('50k').asInteger() == 50000 && quantity('1.5').isInteger() == false",
    "quantity('-1').sign() == -1 && quantity('0').sign() == 0 && quantity('1m').sign() == 1",
    "quantity('200M').compareTo(quantity('0.2G')) == 0 && quantity('50M').isLessThan(quantity('100M'))",
    "quantity('1500m').asApproximateFloat() == 1.5",
  ],
  versions: [
    "semver('1.2.3').compareTo(semver('2.0.0')) == -1 && semver('1.2.3').isGreaterThan(semver('1.2.3-rc.1'))",
    "semver('1.0.0-rc.2').isLessThan(semver('1.0.0-rc.10')) && semver('1.0.0-1').isLessThan(semver('1.0.0-a'))",
    "isSemver('0.1.0-alpha.1') && !isSemver('v1.0') && isSemver('v1.0', true) && !isSemver('01.1.1')",
    "semver('v01.02', true).major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3+b').patch() == 3",
    "semver('1.0.0-a.b').isGreaterThan(semver('1.0.0-a')) && semver('1.0.0+x') == semver('1.0.0+y')",
  ],
  images: [
    "image('nginx').registry() == 'index.docker.io' && image('nginx').repository() == 'library/nginx'",
    "image('registry.k8s.io/pause:3.9').tag() == '3.9' && image('registry.k8s.io/pause').identifier() == 'latest'",
    "isImage('localhost:5000/a/b:c') && !isImage('registry.k8s.io//pause') && !isImage('UPPER/case')",
    `image('a.b/c:d@sha256:${'0a'.repeat(32)}').digest() == 'sha256:${'0a'.repeat(32)}'`,
    `image('a.b/c@sha256:${'0a'.repeat(32)}').containsDigest() && !image('a.b/c:d').containsDigest()`,
  ],
  addresses: [
    "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()",
    "ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()",
    "ip('ff02::1').isLinkLocalMulticast() && !ip('fd00::1').isLinkLocalMulticast()",
    "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && string(ip('2001:DB8::1')) == '2001:db8::1'",
    "string(cidr('192.168.1.77/24').masked()) == '192.168.1.0/24' && string(cidr('2001:db8::1:1/64').masked()) == '2001:db8::/64'",
    "ip('::1') == ip('0:0:0:0:0:0:0:1') && cidr('10.0.0.0/8') == cidr('10.0.0.0/8')",
  ],
  'values that there may be': [
    "{'a': 1}.?a.orValue(5) == 1 && {'a': 1}.?b.orValue(5) == 5 && ![1][?3].hasValue()",
    'optional.of(2).optMap(v, v + 1).value() == 3 && !optional.none().optMap(v, v + 1).hasValue()',
    "{'a': {'b': 'c'}}.?a.optFlatMap(a, a.?b).orValue('') == 'c' && {'a': {}}.?a.optFlatMap(a, a.?b).orValue('') == ''",
    "optional.none().or(optional.of(1)).value() == 1 && !optional.ofNonZeroValue('').hasValue()",
    'optional.ofNonZeroValue(7).value() == 7 && !optional.ofNonZeroValue([]).hasValue()',
  ],
  'loops of two names': [
    '[1, 2, 3, 4].all(i, v, i < v) && !{"a": "b"}.all(k, v, k == v)',
    '["x", "y"].exists(i, v, i == 1 && v == "y") && [5].exists_one(i, v, v == 5) && !{"a": 1, "b": 1}.existsOne(k, v, v == 1)',
    '[1, 2, 3].transformList(i, v, (i * v) + v) == [1, 4, 9] && [1, 2, 3].transformList(i, v, i % 2 == 0, v) == [1, 3]',
    '[1, 2, 3].transformMap(i, v, i * v + v) == {0: 1, 1: 4, 2: 9}',
    `{"hello": "world", "bye": "moon"}.transformMap(k, v, v.startsWith("w"), "%s %s".format([k, v])) == {"hello": "hello world"}`,
    `"k1:v1 k2:v2".split(" ").transformMapEntry(i, v, {v.split(":")[0]: v.split(":")[1]}) == {"k1": "v1", "k2": "v2"}`,
    '[1, 2].all(i, v, [3, 4].all(j, w, v < w && i <= 1 && j <= 1))',
    '[0, 1].exists(i, v, 1 / v == 1)',
  ],
};

describe.each(Object.entries(TRUE))('%s in rules', (_, expressions) => {
  it.each(expressions)('%s', (expression) => {
    expect(value(expression)).toBe(true);
  });
});

describe('what cannot be', () => {
  it.each([
    ["'%d'.format(['a'])", 'decimal clause can only be used on integers, was given string'],
    ["'%s %s'.format(['a'])", 'index 1 out of range'],
    ["'%s'.format(['a', 'b'])", 'too many arguments supplied to string.format (expected 1, got 2)'],
    ["'%a'.format([1])", 'unrecognized formatting clause "a"'],
    ["'filler %'.format([])", 'unexpected end of string'],
    ["quantity('3').add(quantity('1.5')).asInteger()", 'cannot convert value to integer'],
    ["semver('1.0')", '"1.0" is no semantic version'],
    ["image('a//b')", 'is no reference to an image'],
    ["'abc'.charAt(9)", 'index out of range: 9'],
    ['[1, 1].transformMapEntry(i, v, {v: i})', 'insert failed: key 1 already exists'],
    ['[1].all(i, i, true)', 'duplicate variable name: i'],
    ["'a'.find('(')", 'is no pattern'],
  ])('%s fails', (expression, why) => {
    expect(() => value(expression)).toThrow(why);
  });

  it('all places of a pattern in a text that would take hours', () => {
    const text = 'a'.repeat(20_000);
    expect(() => celHost.evaluate("self.findAll('(a.*b)|a')", { self: text })).toThrow('cost limit');
  });
});
