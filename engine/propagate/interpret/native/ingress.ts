// Ingresses.
import { listAt, present, textAt, without } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { aggregateLoadBalancer, hasAddress } from './load-balancer.ts';

export const ingress: KindInterpreter = {
  // Entries of an Ingress have no mode, as those of a Service have.
  aggregate: (object, items) => aggregateLoadBalancer(object, items, (entry) => without(entry, ['ipMode'])),
  healthy: hasAddress,
  dependencies: (object) =>
    // An entry that names no secret is a reference that nobody can follow, and all are refused for it, as in Karmada.
    listAt(object, 'spec', 'tls').map((tls) =>
      present({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: object.metadata.namespace || undefined,
        name: textAt(tls, 'secretName') || undefined,
      }),
    ),
};
