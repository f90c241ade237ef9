// Makes objects in the API of the same process, completed, checked and refused like those of any other client.
import { type KubeObject, parseApiVersion, StatusError } from '../../engine/index.ts';
import { CONTROLLER, SYSTEM_USER } from '../apiserver/housekeeping.ts';
import type { Hub } from '../apiserver/hub.ts';
import { createObject } from '../apiserver/objects/write.ts';
import type { Create } from './appearance/cron-jobs.ts';

/** The API may be there later than whoever is to make objects in it. */
export const creatingIn =
  (hub: () => Hub | null): Create =>
  (object: KubeObject) => {
    const { group, version } = parseApiVersion(object.apiVersion);
    const api = hub();
    const resource = api?.registry.findKind(group, version, object.kind) ?? null;
    if (api === null || resource === null) return 'the API is not served yet';
    const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: object.apiVersion, subresource: '' };
    const context = { hub: api, resource, user: SYSTEM_USER, by, dryRun: false };
    try {
      return createObject(context, object.metadata.namespace ?? '', object);
    } catch (error) {
      if (error instanceof StatusError) return error.status.message ?? 'it is refused';
      throw error;
    }
  };
