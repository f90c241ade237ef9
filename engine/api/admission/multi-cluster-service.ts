// Admission of MultiClusterService.
import { listOf, oneOf, onlyFields, type ShapeProblem, scalar, wholeNumber } from '../../base/shape.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { EXPOSURE_TYPES, type MultiClusterServiceSpec } from '../services.ts';
import { clusterName } from './cluster.ts';
import { isDnsLabel, kindShape, rule, ruled, texts } from './words.ts';

const PORT_MAX = 65_535;

/** As a Service may be called: no digit comes first. */
const serviceName = scalar(
  'a name of lower case letters, digits and "-" that begins with a letter',
  (value) => isDnsLabel(value) && /^[a-z]/.test(String(value)),
);

const portName = scalar(
  'a name of at most 63 lower case letters, digits and "-"',
  (value) => value === '' || isDnsLabel(value),
);

const clusters = listOf(onlyFields({ name: clusterName }));

const spec = ruled(
  onlyFields(
    { types: listOf(oneOf(...EXPOSURE_TYPES)) },
    {
      ports: listOf(onlyFields({ port: wholeNumber(1, PORT_MAX) }, { name: portName })),
      providerClusters: clusters,
      consumerClusters: clusters,
      range: onlyFields({}, { clusterNames: texts }),
      serviceProvisionClusters: texts,
      serviceConsumptionClusters: texts,
    },
  ),
  rule<MultiClusterServiceSpec>(({ types, ports = [] }, report) => {
    if (new Set(types).size > 1) report('.types', 'has CrossCluster and LoadBalancer, and should have one of them');
    ports.forEach(({ name = '' }, at) => {
      const isRepeated = name !== '' && ports.slice(0, at).some((other) => other.name === name);
      if (isRepeated) report(`.ports[${at}].name`, `repeats "${name}"`);
    });
  }),
);

export const multiClusterServiceShape = kindShape(spec, serviceName);

/** How a service is exposed is said once. */
export function changesTypes(object: KubeObject, previous: KubeObject): readonly ShapeProblem[] {
  return deepEqual(typesOf(object), typesOf(previous)) ? [] : [{ path: 'spec.types', message: 'cannot be changed' }];
}

const typesOf = ({ spec }: KubeObject): unknown => (isObject(spec) ? spec.types : undefined);
