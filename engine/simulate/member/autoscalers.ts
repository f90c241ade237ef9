// HorizontalPodAutoscalers of a member: they keep what they scale within their bounds. There is no load by which to do more.
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { keyOf } from '../../store/key.ts';
import type { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import { numberIn, objectIn, specOf } from './workload.ts';

export const AUTOSCALERS = 'autoscaling/horizontalpodautoscalers';

/** How often they look. */
const PERIOD_MS: Millis = 15_000;

const SCALED: Readonly<Record<string, string>> = {
  Deployment: 'apps/deployments',
  ReplicaSet: 'apps/replicasets',
  StatefulSet: 'apps/statefulsets',
};

export class Autoscalers {
  readonly #api: SimulatedApi;
  readonly #clock: Clock;
  readonly #isOff: () => boolean;
  #isLooking = false;

  constructor(api: SimulatedApi, clock: Clock, isOff: () => boolean) {
    this.#api = api;
    this.#clock = clock;
    this.#isOff = isOff;
  }

  /** They look as long as there are any. */
  notice(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(PERIOD_MS, () => {
      this.#isLooking = false;
      const autoscalers = this.#api.store.list(AUTOSCALERS);
      if (!this.#isOff()) for (const autoscaler of autoscalers) this.#keepWithin(autoscaler);
      if (autoscalers.length > 0) this.notice();
    });
  }

  #keepWithin(autoscaler: KubeObject): void {
    const spec = specOf(autoscaler);
    const { kind, name } = objectIn(spec, 'scaleTargetRef');
    const collection = SCALED[String(kind)];
    const { namespace = '' } = autoscaler.metadata;
    const target = collection === undefined ? null : this.#api.store.get(collection, namespace, String(name));
    if (collection === undefined || target === null) return;
    const replicas = numberIn(specOf(target), 'replicas', 1);
    // What is at zero is switched off.
    const least = Math.max(replicas, numberIn(spec, 'minReplicas', 1));
    const wanted = replicas === 0 ? 0 : Math.min(least, numberIn(spec, 'maxReplicas', replicas));
    if (wanted !== replicas) {
      const scaled = (object: KubeObject): KubeObject => ({ ...object, spec: { ...specOf(object), replicas: wanted } });
      this.#api.writer.patch(keyOf(collection, target), scaled);
    }
    const there = isObject(target.status) ? numberIn(target.status, 'replicas', 0) : 0;
    const status = { currentReplicas: there, desiredReplicas: wanted };
    const told = isObject(autoscaler.status) ? autoscaler.status : {};
    if (told.currentReplicas === there && told.desiredReplicas === wanted) return;
    this.#api.writer.patch(keyOf(AUTOSCALERS, autoscaler), (object) => ({ ...object, status }), 'status');
  }
}
