// How urgent a request is and how much work: what keeps the control plane alive never waits behind what somebody reads.
import type { ObjectStore } from '../../engine/index.ts';
import type { BareRequest, Entrance } from './dispatch.ts';
import { type FairnessOptions, FairSeats, type Release } from './fairness.ts';
import type { Registry } from './registry.ts';

type Level = 'exempt' | 'leaders' | 'controllers' | 'others';

/** A list of so many objects is one seat's work. */
const OBJECTS_A_SEAT = 250;

const CONTROLLERS = /^system:(kube-|node:|serviceaccount:(kube-system|karmada-system|muster-system):)/;

export class Priorities {
  private readonly store: ObjectStore;
  private readonly registry: Registry;
  private readonly levels: Readonly<Record<Exclude<Level, 'exempt'>, FairSeats>>;

  constructor(store: ObjectStore, registry: Registry, options?: FairnessOptions) {
    this.store = store;
    this.registry = registry;
    this.levels = {
      leaders: new FairSeats(options),
      controllers: new FairSeats(options),
      others: new FairSeats(options),
    };
  }

  /** A seat for the request, now or when it is its turn; the returned function gives it back. */
  take(entrance: Entrance, request: BareRequest): Release | Promise<Release> {
    const level = levelOf(entrance);
    if (level === 'exempt') return () => {};
    const seats = this.levels[level];
    // One user's programs do not wait for each other.
    const client = `${entrance.caller.name} ${(request.headers['user-agent'] ?? '').split(' ')[0]}`;
    const width = this.widthOf(entrance, request);
    return seats.tryTake(client, width) ?? seats.take(client, width);
  }

  waiting(): number {
    return Object.values(this.levels).reduce((sum, level) => sum + level.waiting(), 0);
  }

  /** Lists cost by what they walk through: a page costs a page, and one name costs one. */
  private widthOf({ asked, route }: Entrance, { query }: BareRequest): number {
    if (asked.kind !== 'resource' || route.kind !== 'resource') return 1;
    const walks = asked.verb === 'list' || asked.verb === 'deletecollection' || asked.verb === 'watch';
    if (!walks || asked.name !== '') return 1;
    const resource = this.registry.find(route.group, route.version, route.plural);
    if (resource === null) return 1;
    const { size } = this.store.collection(resource.collection);
    const limit = Number(query.get('limit') ?? 0);
    const objects = limit > 0 ? Math.min(limit, size) : size;
    return 1 + Math.floor(objects / OBJECTS_A_SEAT);
  }
}

function levelOf({ caller, asked }: Entrance): Level {
  if (asked.kind === 'path') return 'exempt';
  if (asked.resource === 'leases') return 'leaders';
  return CONTROLLERS.test(caller.name) ? 'controllers' : 'others';
}
