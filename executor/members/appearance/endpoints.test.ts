import { describe, expect, it } from 'vitest';
import { ShownMember, template, workload } from '../../../test/builders/shown-member.ts';

const SERVICE = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web', protocol: 'TCP' }] };
const POD = { containers: [{ name: 'web', image: 'web:1', ports: [{ name: 'web', containerPort: 8080 }] }] };

interface Slice {
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly conditions: { readonly ready: boolean; readonly terminating: boolean };
    readonly targetRef: { readonly name: string };
  }[];
}

const slices = (shown: ShownMember) => shown.list('EndpointSlice') as unknown as readonly Slice[];
const readyIn = (shown: ShownMember) =>
  slices(shown).flatMap(({ endpoints }) => endpoints.filter(({ conditions }) => conditions.ready)).length;

describe('the EndpointSlices of a Service', () => {
  it('name the pods that answer, and their ports', () => {
    const shown = new ShownMember();
    shown.apply('Service', 'web', SERVICE);
    shown.apply('Deployment', 'web', workload(2, 'web:1', POD));
    shown.apply('Deployment', 'other', {
      replicas: 1,
      template: { ...template(), metadata: { labels: { app: 'x' } } },
    });
    shown.run(5_000);
    const [slice] = shown.list('EndpointSlice');
    const pods = shown.list('Pod').filter(({ metadata }) => metadata.labels!.app === 'web');
    expect(slice).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: { 'kubernetes.io/service-name': 'web' },
        ownerReferences: [{ kind: 'Service', name: 'web', uid: shown.get('Service', 'web').metadata.uid }],
      },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: pods.map(({ metadata, spec, status }) => ({
        addresses: [(status as { podIP: string }).podIP],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: (spec as { nodeName: string }).nodeName,
        targetRef: { kind: 'Pod', name: metadata.name, uid: metadata.uid },
      })),
    });
    expect(shown.get('Endpoints', 'web').subsets).toMatchObject([
      { addresses: [{ ip: '10.244.0.2' }, {}], ports: [{ port: 8080 }] },
    ]);
  });

  it('leave out those that are not ready, or go', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.apply('Service', 'web', SERVICE);
    shown.run(1_000);
    expect([slices(shown).length, readyIn(shown)]).toEqual([1, 0]);
    shown.run(5_000);
    expect(readyIn(shown)).toBe(2);
    shown.change('Deployment', 'web', { replicas: 0 });
    shown.run(700);
    expect(slices(shown)[0]!.endpoints.map(({ conditions }) => conditions.terminating)).toEqual([true, true]);
    expect(readyIn(shown)).toBe(0);
    shown.run(5_000);
    expect(slices(shown)[0]!.endpoints).toEqual([]);
    expect(shown.get('Endpoints', 'web').subsets).toEqual([]);
  });

  it('follow the selector, and go with the Service', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.apply('Service', 'web', SERVICE);
    shown.run(5_000);
    shown.change('Service', 'web', { selector: { app: 'nobody' } });
    shown.run(2_000);
    expect([slices(shown).length, readyIn(shown)]).toEqual([1, 0]);
    shown.delete('Service', 'web');
    shown.run(2_000);
    expect([...shown.list('EndpointSlice'), ...shown.list('Endpoints')]).toEqual([]);
    shown.change('Deployment', 'web', { replicas: 3 });
    shown.run(5_000);
    expect(shown.list('EndpointSlice')).toEqual([]);
  });

  it('hold a hundred pods each', () => {
    const shown = new ShownMember({ nodes: [{ name: 'n', count: 3, allocatable: { cpu: '9', pods: 110 } }] });
    shown.apply('Service', 'web', SERVICE);
    shown.apply('Deployment', 'web', workload(250));
    shown.run(10_000);
    expect(
      slices(shown)
        .map(({ endpoints }) => endpoints.length)
        .sort(),
    ).toEqual([100, 100, 50].sort());
    expect(readyIn(shown)).toBe(250);
    shown.change('Deployment', 'web', { replicas: 20 });
    shown.run(10_000);
    expect(slices(shown).map(({ endpoints }) => endpoints.length)).toEqual([20]);
  });

  it('are written few times, however many pods come up at once', () => {
    const shown = new ShownMember();
    shown.apply('Service', 'web', SERVICE);
    const first = shown.member.api.store.revision();
    shown.apply('Deployment', 'web', workload(50));
    shown.run(10_000);
    const written = shown.member.api.store.changesSince('discovery.k8s.io/endpointslices', first);
    expect(written!.length).toBeLessThanOrEqual(4);
  });
});
