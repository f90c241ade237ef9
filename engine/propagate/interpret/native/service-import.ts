// ServiceImports bring a derived service and its endpoints along.
import { derivedServiceNameOf } from '../../../api/names.ts';
import type { KindInterpreter } from '../interpreter.ts';

export const serviceImport: KindInterpreter = {
  dependencies: ({ metadata: { name, namespace } }) => {
    const derived = derivedServiceNameOf(name);
    const place = namespace ? { namespace } : {};
    return [
      { apiVersion: 'v1', kind: 'Service', ...place, name: derived },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        ...place,
        labelSelector: { matchLabels: { 'kubernetes.io/service-name': derived } },
      },
    ];
  },
};
