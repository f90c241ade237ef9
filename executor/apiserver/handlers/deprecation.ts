// The warnings that come with outdated kinds.
import type { Resource } from '../resource.ts';

const DEPRECATED: Readonly<Record<string, string>> = {
  'v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
};

export function deprecationOf(resource: Resource): readonly string[] {
  if (resource.custom?.deprecation) return [resource.custom.deprecation];
  const known = resource.group === '' ? DEPRECATED[`${resource.version}/${resource.plural}`] : undefined;
  return known === undefined ? [] : [known];
}
