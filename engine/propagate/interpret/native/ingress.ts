// Ingresses.
import { listAt, textAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { aggregateLoadBalancer, hasAddress } from './load-balancer.ts';

export const ingress: KindInterpreter = {
  aggregate: aggregateLoadBalancer,
  healthy: hasAddress,
  dependencies: (object) =>
    listAt(object, 'spec', 'tls').map((tls) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      ...(object.metadata.namespace && { namespace: object.metadata.namespace }),
      name: textAt(tls, 'secretName') ?? '',
    })),
};
