// Services: only those behind a load balancer have a status of their own.
import type { KubeObject } from '../../../kube/meta.ts';
import { fieldsAt, numberAt, textAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { aggregateLoadBalancer, hasAddress } from './load-balancer.ts';

export const service: KindInterpreter = {
  retain: retainAllocations,
  reflect: (object) => {
    if (!isLoadBalancer(object) || fieldsAt(object, 'status') === undefined) return null;
    return { loadBalancer: fieldsAt(object, 'status', 'loadBalancer') ?? {} };
  },
  aggregate: (object, items) => (isLoadBalancer(object) ? aggregateLoadBalancer(object, items) : object),
  healthy: (object) => !isLoadBalancer(object) || hasAddress(object),
};

const isLoadBalancer = (object: KubeObject): boolean => textAt(object, 'spec', 'type') === 'LoadBalancer';

/** The member has allocated an address and a port for health checks; neither may change. */
function retainAllocations(desired: KubeObject, observed: KubeObject): KubeObject {
  const port = numberAt(observed, 'spec', 'healthCheckNodePort') ?? 0;
  const address = textAt(observed, 'spec', 'clusterIP');
  const retained = port > 0 ? withValue(desired, port, 'spec', 'healthCheckNodePort') : desired;
  return address ? withValue(retained, address, 'spec', 'clusterIP') : retained;
}
