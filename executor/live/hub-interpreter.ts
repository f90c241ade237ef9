// What is known of kinds where a hub says more of some.
import { type Interpreter, interpreterWith, type ResourceInterpreterCustomization } from '../../engine/index.ts';
import type { ApiObjects } from './api-objects.ts';

const KIND = { apiVersion: 'config.karmada.io/v1alpha1', kind: 'ResourceInterpreterCustomization' };

export async function interpreterOf(hub: ApiObjects): Promise<Interpreter> {
  const customizations = await hub.list(KIND);
  return interpreterWith(customizations as unknown as readonly ResourceInterpreterCustomization[]);
}
