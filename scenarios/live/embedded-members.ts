// Members that are processes of ours: each a real API over the nodes that the scenario gives it, whose pods behave as it says. They
// tell of themselves who serves in them.
import type { BehaviorRule, NodePool } from '../../engine/index.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { startEmbedded } from '../../executor/members/embedded.ts';
import type { EmbeddedOrder } from '../../executor/members/embedded-words.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { InnerFault, LiveMember, LiveMembers, ServingListener } from './live-members.ts';
import { MemberWatch } from './member-watch.ts';

export class EmbeddedMembers implements LiveMembers {
  readonly sort = 'embedded';
  readonly areKept = false;
  readonly #behaviors: readonly BehaviorRule[];

  constructor(behaviors: readonly BehaviorRule[]) {
    this.#behaviors = behaviors;
  }

  async prepare(): Promise<void> {}

  async admit(cluster: FleetCluster, hear: ServingListener): Promise<LiveMember> {
    const { name, nodes } = cluster;
    const process = await startEmbedded({ name, nodes, behaviors: this.#behaviors }, ({ key, serving }) =>
      hear(key, serving),
    );
    const address = tokenAddress(process);
    const watch = new MemberWatch(address);
    return {
      address,
      found: { ...cluster, load: null, version: null, apis: null, latency: null },
      strike: (fault) => {
        const { begin, end } = ordersOf(fault);
        process.tell(begin);
        return () => process.tell(end);
      },
      resize: (before: readonly NodePool[], after) => process.tell({ order: 'resize', before, after }),
      watch: (collection) => watch.watch(collection),
      object: (key) => watch.object(key),
      objects: (collection) => watch.objects(collection),
      close: async () => {
        watch.close();
        await process.close();
      },
    };
  }

  async close(): Promise<void> {}
}

function ordersOf(fault: InnerFault): { readonly begin: EmbeddedOrder; readonly end: EmbeddedOrder } {
  switch (fault.fault) {
    case 'power-off':
      return { begin: { order: 'power', isOn: false }, end: { order: 'power', isOn: true } };
    case 'node-silent': {
      const { node: name } = fault;
      return { begin: { order: 'node', name, isReady: false }, end: { order: 'node', name, isReady: true } };
    }
    case 'behavior':
      return { begin: { order: 'behave', rules: [fault.rule] }, end: { order: 'behave', rules: [] } };
  }
}
