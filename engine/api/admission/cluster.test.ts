import { describe, expect, it } from 'vitest';
import { clusterOf, refusedAt, specOf } from '../../../test/builders/admitted.ts';

const END = '9223372036854775807';
const range = (name: string, min?: string, max?: string) => ({ name, min, max });
const cpu = (min?: string, max?: string) => [range('cpu', min, max)];
const graded = (...resourceModels: object[]) => clusterOf({ resourceModels });
const PLACE = 'spec.resourceModels';

describe('a cluster', () => {
  it('says how it is reached', () => {
    expect(refusedAt(clusterOf({ syncMode: undefined }))).toEqual(['spec.syncMode']);
    expect(refusedAt({ ...clusterOf({}), spec: undefined })).toEqual(['spec']);
    expect(refusedAt(clusterOf({ syncMode: 'Pull' }))).toEqual([]);
  });

  it.each(['10.0.0.1:6443', 'https://', 'https://u:p@host', 'https://host?a=b', 'https://host#a', 'host'])(
    'is not reached at %s',
    (apiEndpoint) => expect(refusedAt(clusterOf({ apiEndpoint }))).toEqual(['spec.apiEndpoint']),
  );

  it.each(['https://10.0.0.1:6443', 'http://host/below/it', 'https://[::1]:6443', '//host', ''])(
    'may be reached at %s',
    (apiEndpoint) => expect(refusedAt(clusterOf({ apiEndpoint }))).toEqual([]),
  );

  it('goes through proxies of three kinds', () => {
    for (const proxyURL of ['http://p', 'https://p:1', 'socks5://p']) {
      expect(refusedAt(clusterOf({ proxyURL }))).toEqual([]);
    }
    for (const proxyURL of ['ftp://p', '10.0.0.1:80']) {
      expect(refusedAt(clusterOf({ proxyURL }))).toEqual(['spec.proxyURL']);
    }
  });

  it('has taints that can be tolerated, and that do something', () => {
    const tainted = (taint: object) => clusterOf({ taints: [{ key: 'a', effect: 'NoSchedule', ...taint }] });
    expect(refusedAt(tainted({ value: 'b c' }))).toEqual(['spec.taints[0].value']);
    expect(refusedAt(tainted({ effect: 'PreferNoSchedule' }))).toEqual(['spec.taints[0].effect']);
    expect(refusedAt(tainted({ value: 'b' }))).toEqual([]);
  });

  it('is told the zones that it stands in one way', () => {
    expect(specOf(clusterOf({ zone: 'z1' }))).toMatchObject({ zones: ['z1'] });
    expect(specOf(clusterOf({ zone: 'z1' }))).not.toHaveProperty('zone');
    expect(specOf(clusterOf({ zone: 'z1', zones: ['z2'] }))).toMatchObject({ zone: 'z1', zones: ['z2'] });
  });
});

describe('resource models', () => {
  it('are given to a new cluster, and can be taken away from it', () => {
    expect(specOf(clusterOf({})).resourceModels).toHaveLength(9);
    expect(specOf(clusterOf({ resourceModels: [] }), { previous: clusterOf({}) }).resourceModels).toEqual([]);
    expect(specOf(clusterOf({}), { previous: clusterOf({}) })).not.toHaveProperty('resourceModels');
  });

  it('are left alone without the gate for them', () => {
    const without = { completesResourceModels: false };
    expect(specOf(clusterOf({}), without)).not.toHaveProperty('resourceModels');
    const own = [{ grade: 0, ranges: cpu('0', '1') }];
    expect(specOf(clusterOf({ resourceModels: own }), without).resourceModels).toEqual(own);
  });

  it('begin with nothing and have no end, whatever was said of that', () => {
    const own = graded({ grade: 3, ranges: cpu('1') }, { grade: 1, ranges: cpu('5', '1') });
    const standard = [
      { grade: 1, ranges: cpu('0', '1') },
      { grade: 3, ranges: cpu('1', END) },
    ];
    expect(refusedAt(own)).toEqual([]);
    expect(specOf(own).resourceModels).toEqual(standard);
    expect(specOf(own, { previous: clusterOf({}) }).resourceModels).toEqual(standard);
    expect(specOf(graded({ grade: 0, ranges: cpu('5', '1') })).resourceModels).toEqual([
      { grade: 0, ranges: cpu('0', END) },
    ]);
  });

  it.each([
    [
      'repeat a grade',
      graded({ grade: 0, ranges: cpu('0', '1') }, { grade: 0, ranges: cpu('1') }),
      `${PLACE}[1].grade`,
    ],
    [
      'leave a gap',
      graded({ grade: 0, ranges: cpu('0', '1') }, { grade: 1, ranges: cpu('2') }),
      `${PLACE}[1].ranges[0].min`,
    ],
    [
      'hold nothing',
      graded({ grade: 0, ranges: cpu('0', '0') }, { grade: 1, ranges: cpu('0') }),
      `${PLACE}[0].ranges[0].max`,
    ],
    ['count gardens', graded({ grade: 0, ranges: [range('gardens')] }), `${PLACE}[0].ranges[0].name`],
    [
      'forget a resource',
      graded({ grade: 0, ranges: [...cpu('0', '1'), range('memory', '0', '1')] }, { grade: 1, ranges: cpu('1') }),
      `${PLACE}[1].ranges`,
    ],
    [
      'turn resources round',
      graded(
        { grade: 0, ranges: [range('cpu', '0', '1'), range('memory', '0', '1')] },
        { grade: 1, ranges: [range('memory', '1'), range('cpu', '1')] },
      ),
      `${PLACE}[1].ranges[0].name`,
    ],
  ])('do not %s', (_, cluster, place) => expect(refusedAt(cluster)[0]).toBe(place));
});
