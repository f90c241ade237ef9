// What a cluster's provider gives after a while: addresses to load balancers and ingresses, volumes to claims.
import type { Random } from '../../base/random.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { ChangeType } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import type { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import { drawLatency, type Latency } from '../latency.ts';

const DELAY: Latency = { p50Ms: 5_000, p99Ms: 20_000 };
/** Without power nothing is given; it is tried again. */
const RETRY_MS: Millis = 10_000;

/** Whether an object of the collection asks for anything. */
const ASKS: Readonly<Record<string, (object: KubeObject) => boolean>> = {
  '/services': ({ spec }) => isObject(spec) && spec.type === 'LoadBalancer',
  'networking.k8s.io/ingresses': () => true,
  '/persistentvolumeclaims': () => true,
};

export class Provider {
  readonly #api: SimulatedApi;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #isOff: () => boolean;

  constructor(api: SimulatedApi, clock: Clock, random: Random, isOff: () => boolean) {
    this.#api = api;
    this.#clock = clock;
    this.#random = random;
    this.#isOff = isOff;
  }

  provides(collection: string): boolean {
    return Object.hasOwn(ASKS, collection);
  }

  notice(collection: string, type: ChangeType, object: KubeObject): void {
    if (type !== 'ADDED' || !ASKS[collection]!(object)) return;
    this.#clock.after(drawLatency(DELAY, this.#random), () => this.#give(collection, object));
  }

  #give(collection: string, object: KubeObject): void {
    if (this.#isOff()) {
      this.#clock.after(RETRY_MS, () => this.#give(collection, object));
      return;
    }
    const status = collection === '/persistentvolumeclaims' ? { phase: 'Bound' } : this.#address();
    const { uid = '' } = object.metadata;
    this.#api.writer.patch(keyOf(collection, object), (current) => ({ ...current, status }), 'status', { uid });
  }

  #address() {
    const part = () => this.#random.integer(0, 255);
    return { loadBalancer: { ingress: [{ ip: `10.${part()}.${part()}.${part()}` }] } };
  }
}
