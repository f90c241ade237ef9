// What people are told of a MultiClusterService: a condition, and an Event when that changes.
import { COLLECTIONS } from '../../api/kinds.ts';
import { MULTI_CLUSTER_SERVICE, type MultiClusterService, type SERVICE_CONDITIONS } from '../../api/services.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import type { EventRecord, View } from '../../control/controller.ts';
import { withCondition } from '../../kube/conditions.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { Millis } from '../../kube/time.ts';
import type { ObjectKey } from '../../store/key.ts';
import { event, patchStatus } from '../writes.ts';
import type { ServiceKey } from './service-key.ts';

export const objectKeyOf = ({ namespace, name }: ServiceKey): ObjectKey => ({
  collection: COLLECTIONS.multiClusterServices,
  namespace,
  name,
});

export interface Verdict {
  readonly type: (typeof SERVICE_CONDITIONS)[keyof typeof SERVICE_CONDITIONS];
  readonly isGood: boolean;
  readonly reason: string;
  readonly message: string;
  /** The reason of the Event. */
  readonly event: string;
}

export interface Telling {
  readonly commands: readonly Command[];
  readonly events: readonly EventRecord[];
}

/** Nothing where it is known. */
export function told(key: ServiceKey, found: MultiClusterService, verdict: Verdict, now: Millis): Telling {
  const { type, isGood, reason, message } = verdict;
  const before = found.status?.conditions ?? [];
  const known = before.find((one) => one.type === type);
  const status = isGood ? 'True' : 'False';
  if (known?.status === status && known.reason === reason && known.message === message) {
    return { commands: [], events: [] };
  }
  const conditions = withCondition(before, { type, status, reason, message }, now);
  const command = patchStatus(objectKeyOf(key), found, { conditions } as unknown as JsonObject);
  return {
    commands: [merged(command, { isIndependent: true })],
    events: [eventAbout(key, isGood ? 'Normal' : 'Warning', verdict.event, message)],
  };
}

export const eventAbout = (key: ServiceKey, type: EventRecord['type'], reason: string, message: string): EventRecord =>
  event(type, MULTI_CLUSTER_SERVICE, objectKeyOf(key), reason, message);

/** What went wrong with the last step; that others wrote in between is no news. */
export function problemIn({ attempt }: View): string | null {
  for (const { result } of attempt.results) {
    if (!result.ok && result.code !== 'Conflict' && result.code !== 'Skipped') return result.message;
  }
  return null;
}
