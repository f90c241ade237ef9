// The simulation: a world, processes that run controllers in it, and faults. It does what a driver does and nothing else:
// waits (by jumping), carries out commands, feeds changes in, and hands trace lines on.
import { assert } from '../base/assert.ts';
import type { Random } from '../base/random.ts';
import { HUB, type Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { Change } from '../store/change.ts';
import { formatKey, keyOf, type ObjectKey } from '../store/key.ts';
import { Calls, type ErrorRule, type Request } from './calls.ts';
import { corrupt } from './corruption.ts';
import { type Fault, linksBetween, type Trigger } from './faults.ts';
import { meddleInHub } from './hub-meddling.ts';
import { meddle } from './meddling.ts';
import type { BehaviorRule } from './member/behavior.ts';
import type { Member, MemberOptions } from './member/member.ts';
import { type ProcessOptions, SimulatedProcess } from './simulated-process.ts';
import { World, type WorldOptions } from './world.ts';

export interface QuietOptions {
  /** No change for this long. */
  readonly forMs: Millis;
  /** Gives up at this time. */
  readonly until: Millis;
  /** Changes that do not count, such as heartbeats. */
  readonly isNoise?: (change: Change, place: Place) => boolean;
}

export type ServingListener = (cluster: string, key: ObjectKey, serving: number) => void;

export class Simulation {
  readonly world: World;
  readonly calls: Calls;
  readonly #processes = new Map<string, SimulatedProcess>();
  readonly #triggers = new Map<Trigger, number>();
  /** What undoes the faults that hold, in the order in which they came. */
  readonly #undoing = new Set<() => void>();
  readonly #behaviors = new Map<string, BehaviorRule[]>();
  readonly #changeListeners = new Set<(change: Change, place: Place) => void>();
  readonly #servingListeners = new Set<ServingListener>();
  readonly #meddling: Random;
  readonly #corruption: Random;
  /** Keys of the objects of the hub that have been damaged: what became of them is nobody's doing. */
  readonly #damaged = new Set<string>();
  #isHubMeddledWith = false;

  constructor(options: WorldOptions) {
    this.world = new World(options);
    this.calls = new Calls(this.world);
    this.#meddling = this.world.random.stream('meddling');
    this.#corruption = this.world.random.stream('corruption');
    this.calls.onArrival((request, moment) => this.#pullTriggers(request, moment));
    this.#listenTo(HUB);
  }

  get now(): Millis {
    return this.world.clock.now;
  }

  get processes(): readonly SimulatedProcess[] {
    return [...this.#processes.values()];
  }

  /** Somebody has laid hands on what the control plane keeps for itself: what goes may have been taken away by others. */
  get isHubMeddledWith(): boolean {
    return this.#isHubMeddledWith;
  }

  /** Objects of the hub, as "collection/namespace/name", that have been damaged where they are stored. */
  get damaged(): readonly string[] {
    return [...this.#damaged];
  }

  addMember(options: Omit<MemberOptions, 'clock' | 'random' | 'indexes'>): Member {
    const { name } = options;
    const onServing = (key: ObjectKey, serving: number) => {
      options.onServing?.(key, serving);
      for (const listener of this.#servingListeners) listener(name, key, serving);
    };
    const member = this.world.addMember({ ...options, onServing });
    this.#behaviors.set(options.name, [...(options.behaviors ?? [])]);
    this.#listenTo(member.place);
    return member;
  }

  /** It starts at once. */
  addProcess(options: ProcessOptions): SimulatedProcess {
    assert(!this.#processes.has(options.name), `there is no second process ${options.name}`);
    const added = new SimulatedProcess(options, this.world, this.calls);
    this.#processes.set(options.name, added);
    added.start();
    return added;
  }

  removeProcess(name: string): void {
    this.#processes.get(name)?.stop();
    this.#processes.delete(name);
  }

  /** Every change anywhere, when it happens: for whoever judges or measures a run. */
  onChange(listener: (change: Change, place: Place) => void): () => void {
    this.#changeListeners.add(listener);
    return () => void this.#changeListeners.delete(listener);
  }

  /** How many pods of a workload serve in a cluster, in truth, whenever that changes. */
  onServing(listener: ServingListener): () => void {
    this.#servingListeners.add(listener);
    return () => void this.#servingListeners.delete(listener);
  }

  runUntil(time: Millis): void {
    this.world.clock.runUntil(time);
  }

  runFor(ms: Millis): void {
    this.runUntil(this.now + ms);
  }

  /** Runs until nothing has changed for a while; false where that did not come about in time. */
  runUntilQuiet({ forMs, until, isNoise = () => false }: QuietOptions): boolean {
    let last = this.now;
    const stop = this.onChange((change, place) => {
      if (!isNoise(change, place)) last = this.now;
    });
    const { clock } = this.world;
    while (last + forMs > this.now && clock.step(Math.min(until, last + forMs)));
    stop();
    const isQuiet = last + forMs <= until;
    clock.runUntil(Math.max(this.now, Math.min(until, last + forMs)));
    return isQuiet;
  }

  /** A fault begins now. What is given back ends it before its time; it does nothing where that has passed. */
  inject(fault: Fault): () => void {
    const undo = this.#begin(fault);
    if (undo === null) return () => {};
    const once = () => {
      if (this.#undoing.delete(once)) undo();
    };
    this.#undoing.add(once);
    const forMs = 'forMs' in fault ? fault.forMs : undefined;
    // A restart without a time is over at once; everything else lasts until it is healed.
    if (forMs !== undefined || fault.fault === 'restart') this.world.clock.after(forMs ?? 0, once);
    return once;
  }

  addTrigger(trigger: Trigger): void {
    this.#triggers.set(trigger, 0);
  }

  /** Every fault that holds ends now; triggers that have not fired never will. */
  heal(): void {
    this.#triggers.clear();
    for (const undo of [...this.#undoing]) undo();
  }

  /** What undoes it; null for what is over at once. */
  #begin(fault: Fault): (() => void) | null {
    const { network } = this.world;
    switch (fault.fault) {
      case 'partition': {
        const links = linksBetween(fault);
        for (const [from, to] of links) network.cut(from, to);
        return () => {
          for (const [from, to] of links) network.mend(from, to);
        };
      }
      case 'slow': {
        const links = linksBetween(fault);
        for (const [from, to] of links) network.slow(from, to, fault.factor);
        return () => {
          for (const [from, to] of links) network.hasten(from, to, fault.factor);
        };
      }
      case 'loss': {
        const links = linksBetween(fault);
        for (const [from, to] of links) network.addLoss(from, to, fault.perMille);
        return () => {
          for (const [from, to] of links) network.addLoss(from, to, -fault.perMille);
        };
      }
      case 'api-down':
        this.world.takeDown(fault.place);
        return () => this.world.bringUp(fault.place);
      case 'api-errors': {
        const { fault: _fault, forMs: _forMs, ...rule } = fault;
        const added: ErrorRule = rule;
        this.calls.addRule(added);
        return () => this.calls.removeRule(added);
      }
      case 'restart':
        return this.#restart(fault.name);
      case 'pause':
        this.#processes.get(fault.name)?.pause(this.now + fault.forMs);
        return null;
      case 'disorder':
        this.#processes.get(fault.name)?.disorder(this.now + fault.forMs);
        return null;
      case 'hub-meddling':
        this.#isHubMeddledWith = true;
        return meddleInHub(this.world.hub, fault.act, this.#meddling);
      case 'corrupted':
        return corrupt(this.world.hub, this.#corruption, this.#damaged);
      case 'second-leader':
        return this.#addSecondLeader(fault.name);
      case 'resync':
        this.#processes.get(fault.name)?.resync();
        return null;
      case 'watch-broken':
      case 'watch-held':
      case 'watch-missed':
      case 'watch-expired':
      case 'stale-list':
        this.#disturbWatches(fault);
        return null;
      case 'watch-drops':
      case 'watch-repeats':
      case 'watch-reorders':
        this.#disturbWatches(fault);
        // What was told wrong is only ever found by looking at everything again.
        return () => this.#disturbWatches({ ...fault, fault: 'watch-expired' });
      default:
        return this.#beginInCluster(fault);
    }
  }

  #beginInCluster(fault: Extract<Fault, { readonly cluster: string }>): (() => void) | null {
    const member = this.world.member(fault.cluster);
    if (member === null) return null;
    switch (fault.fault) {
      case 'power-off':
        // Nobody is left there who could refuse a connection: whoever asks hears nothing.
        for (const [from, to] of bothWays(member.place)) this.world.network.cut(from, to);
        this.world.takeDown(member.place);
        member.powerOff();
        return () => {
          for (const [from, to] of bothWays(member.place)) this.world.network.mend(from, to);
          this.world.bringUp(member.place);
          member.powerOn();
        };
      case 'node-silent':
        member.silenceNode(fault.node);
        return () => member.reviveNode(fault.node);
      case 'node-removed':
        member.removeNode(fault.node);
        return null;
      case 'clock-skew':
        member.api.wallClock.set(fault.ms);
        return () => member.api.wallClock.set(-fault.ms);
      case 'clock-drift':
        return member.api.wallClock.drift(fault.ppm);
      case 'lie':
        member.tellsPerMille = fault.perMille;
        return () => {
          member.tellsPerMille = 1000;
        };
      case 'api-missing':
        member.apis.hide(fault.collection);
        return () => member.apis.show(fault.collection);
      case 'mutation':
        member.mutation = fault.adds;
        return null;
      case 'meddling':
        return meddle(member, fault.act, this.#meddling);
      case 'behavior':
        this.#changeBehaviors(member, (rules) => [fault.rule, ...rules]);
        // What has left the fleet meanwhile goes on by itself, and is healed as well.
        return () => this.#changeBehaviors(member, (rules) => rules.filter((rule) => rule !== fault.rule));
    }
  }

  #restart(name: string): (() => void) | null {
    const found = this.#processes.get(name);
    if (found === undefined) return null;
    found.stop();
    return () => found.start();
  }

  #addSecondLeader(name: string): (() => void) | null {
    const second = `${name}, not yet replaced`;
    const first = this.#processes.get(name);
    if (first === undefined || this.#processes.has(second)) return null;
    this.addProcess({ ...first.options, name: second });
    return () => this.removeProcess(second);
  }

  #disturbWatches(fault: Extract<Fault, { readonly by: string | null }>): void {
    for (const one of this.processes) {
      if (fault.by !== null && fault.by !== one.name) continue;
      for (const stream of one.streams(fault.place, fault.collection)) {
        switch (fault.fault) {
          case 'watch-broken':
            stream.break();
            break;
          case 'watch-held':
            stream.hold(this.now + fault.forMs);
            break;
          case 'watch-missed':
            stream.miss(this.now + fault.forMs);
            break;
          case 'watch-expired':
            stream.expire();
            break;
          case 'stale-list':
            stream.lagBy(fault.revisions);
            stream.expire();
            break;
          case 'watch-drops':
            stream.misbehave('drops');
            break;
          case 'watch-repeats':
            stream.misbehave('repeats');
            break;
          case 'watch-reorders':
            stream.misbehave('reorders');
            break;
        }
      }
    }
  }

  #changeBehaviors(member: Member, change: (rules: BehaviorRule[]) => BehaviorRule[]): void {
    const rules = change(this.#behaviors.get(member.name) ?? []);
    this.#behaviors.set(member.name, rules);
    member.setBehaviors(rules);
  }

  #pullTriggers({ to, verb, collection }: Request, moment: 'before' | 'after'): boolean {
    if (this.#triggers.size === 0 || verb === 'list' || verb === 'watch') return false;
    let hasFired = false;
    for (const [trigger, seen] of [...this.#triggers]) {
      if (trigger.place !== to || trigger.moment !== moment) continue;
      if (trigger.verbs?.includes(verb) === false) continue;
      if (trigger.collections !== undefined && !trigger.collections.includes(collection ?? '')) continue;
      this.#triggers.set(trigger, seen + 1);
      if (seen + 1 < trigger.occurrence) continue;
      this.#triggers.delete(trigger);
      this.inject(trigger.fault);
      hasFired = true;
    }
    return hasFired;
  }

  #listenTo(place: Place): void {
    this.world.api(place)?.store.onChange((change) => {
      if (
        place === HUB &&
        this.#damaged.size > 0 &&
        this.#damaged.has(formatKey(keyOf(change.collection, change.object)))
      ) {
        return;
      }
      for (const listener of this.#changeListeners) listener(change, place);
    });
  }
}

const bothWays = (member: Place): readonly (readonly [Place, Place])[] => [
  [HUB, member],
  [member, HUB],
];
