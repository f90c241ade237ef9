// What a custom resource's definition demands of its objects.
import type { FieldProblem, KubeObject } from '../../../../engine/index.ts';
import type { Resource } from '../../resource.ts';

export function customProblems(
  _resource: Resource,
  _next: KubeObject,
  _old: KubeObject | null,
  _subresource = '',
): FieldProblem[] {
  return [];
}
