// How answers of a cluster become what is said of it: when it turns, and what is taken in from it.
import { describe, expect, it } from 'vitest';
import { clusterObject, portsFor } from '../../../test/builders/control-plane.ts';
import type { Cluster, ClusterStatus } from '../../api/cluster.ts';
import type { AskCommand, CommandResult, MemberState } from '../../control/command.ts';
import type { View } from '../../control/controller.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { JsonValue } from '../../kube/json.ts';
import { applyMergePatch } from '../../kube/merge-patch.ts';
import type { ConditionStatus, KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';
import { clusterStatus } from './cluster-status.ts';

const START = 1_767_225_600_000;

type Told = Partial<MemberState>;
type Answer = Told | 'silence' | 'error' | 'no way';

/** A cluster that is asked by hand, at the times that a test says. */
class Asked {
  #cluster: KubeObject;
  #remembered: JsonValue | undefined;
  readonly #profile: Profile;

  constructor(profile: Profile, known: ConditionStatus | null, status: ClusterStatus = {}) {
    this.#profile = profile;
    const ready = { type: 'Ready', reason: 'x', message: 'x', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const conditions = known === null ? [] : [{ ...ready, status: known }];
    this.#cluster = { ...clusterObject('m'), status: { ...status, conditions } };
  }

  /** Whoever asks is another. */
  restart(): this {
    this.#remembered = undefined;
    return this;
  }

  /** Somebody else says it. */
  say(status: ConditionStatus): void {
    const ready = { type: 'Ready', status, reason: 'y', message: 'y', lastTransitionTime: '2026-01-01T00:00:00Z' };
    this.#cluster = { ...this.#cluster, status: { ...(this.#cluster.status as object), conditions: [ready] } };
  }

  /** "False/ClusterNotReachable", after an answer at a second. */
  at(second: number, answer: Answer): string {
    const now = START + second * 1000;
    const controller = clusterStatus(portsFor(this.#profile));
    const asking = controller.reconcile('m', this.#view([]), now);
    this.#remembered = asking.remember ?? undefined;
    const [command] = asking.commands as readonly AskCommand[];
    const outcome = controller.reconcile('m', this.#view([{ command: command!, result: resultOf(answer) }]), now);
    this.#remembered = outcome.remember ?? undefined;
    for (const write of outcome.commands) {
      if (write.verb !== 'patch-status') throw new Error(`it does not only tell: ${write.verb}`);
      this.#cluster = applyMergePatch(this.#cluster as unknown as JsonValue, write.patch) as unknown as KubeObject;
    }
    const { status = '', reason = '' } = this.condition('Ready') ?? {};
    return `${status}/${reason}`;
  }

  condition(type: string) {
    return findCondition(this.status.conditions, type);
  }

  get status(): ClusterStatus {
    return (this.#cluster as unknown as Cluster).status ?? {};
  }

  #view(results: readonly { command: AskCommand; result: CommandResult }[]): View {
    return {
      get: () => this.#cluster,
      member: () => ({ list: () => [] }),
      attempt: { failures: 0, results },
      remembered: this.#remembered,
    } as unknown as View;
  }
}

function resultOf(answer: Answer): CommandResult {
  switch (answer) {
    case 'silence':
      return { ok: false, code: 'Timeout', message: 'no answer' };
    case 'error':
      return { ok: false, code: 'ServerError', message: 'it answers with status 503' };
    case 'no way':
      return { ok: false, code: 'NoAccess', message: 'no Secret', problem: 'the Secret a/b does not exist' };
    default:
      return { ok: true, object: null, answer: { healthy: true, ...answer } as unknown as JsonValue };
  }
}

const well: Answer = {};
const [READY, SILENT] = ['True/ClusterReady', 'False/ClusterNotReachable'];

describe('a cluster', () => {
  for (const profile of [KARMADA_PROFILE, MUSTER_PROFILE]) {
    const failureS = profile.timings.clusterFailureThresholdMs / 1000;

    describe(`with the profile ${profile.name}`, () => {
      it('turns when its answers have been others for a while', () => {
        const cluster = new Asked(profile, null);
        expect(cluster.at(0, well)).toBe(READY);
        expect(cluster.at(10, 'silence')).toBe(READY);
        expect(cluster.at(10 + failureS - 1, 'silence')).toBe(READY);
        expect(cluster.at(10 + failureS, 'silence')).toBe(SILENT);
        expect(cluster.at(100, well)).toBe(SILENT);
        expect(cluster.at(129, well)).toBe(SILENT);
        expect(cluster.at(130, well)).toBe(READY);
      });

      it('does not turn by answers that come and go', () => {
        const cluster = new Asked(profile, null);
        for (let second = 0; second < 200; second += 10) {
          expect(cluster.at(second, second % 20 === 0 ? well : 'silence')).toBe(READY);
        }
      });

      it('is as it is found where nobody knew, and where nobody remembers it is ready when it says so', () => {
        expect(new Asked(profile, null).at(0, 'silence')).toBe(SILENT);
        expect(new Asked(profile, 'False').at(0, well)).toBe(READY);
        expect(new Asked(profile, 'Unknown').at(0, well)).toBe(READY);
      });

      it('that nobody knew to be ready is not waited for to be known as not ready', () => {
        expect(new Asked(profile, 'Unknown').at(0, 'silence')).toBe(SILENT);
        const cluster = new Asked(profile, 'Unknown');
        cluster.at(0, well);
        cluster.say('Unknown');
        expect(cluster.at(10, 'silence')).toBe(SILENT);
      });

      it('that has been well all along is ready at once when somebody else said that nobody knows', () => {
        const cluster = new Asked(profile, null);
        for (let second = 0; second <= 60; second += 10) cluster.at(second, well);
        cluster.say('Unknown');
        expect(cluster.at(70, well)).toBe(READY);
      });

      it('tells what it holds only while it is ready, and the last that is known stays', () => {
        const cluster = new Asked(profile, null);
        const nodes = (count: number): Told => ({ version: `v1.${count}.0`, nodeSummary: { totalNum: count } });
        const seen = () => [cluster.status.kubernetesVersion, cluster.status.nodeSummary?.totalNum];
        cluster.at(0, nodes(3));
        expect(seen()).toEqual(['v1.3.0', 3]);
        for (let second = 10; second <= 60; second += 1) cluster.at(second, 'silence');
        cluster.at(70, nodes(5));
        expect(seen()).toEqual(['v1.3.0', 3]);
        cluster.at(100, nodes(5));
        expect(seen()).toEqual(['v1.5.0', 5]);
        cluster.at(110, { ...nodes(7), healthy: false });
        expect(seen()).toEqual(['v1.5.0', 5]);
      });

      it('says why it is not ready', () => {
        expect(new Asked(profile, null).at(0, 'error')).toBe(SILENT);
        expect(new Asked(profile, null).at(0, { healthy: false })).toBe('False/ClusterNotReady');
        const shut = new Asked(profile, null);
        expect(shut.at(0, 'no way')).toBe('False/StatusCollectionFailed');
        expect(shut.condition('Ready')!.message).toBe('the Secret a/b does not exist');
      });

      it('says whether all its APIs are known', () => {
        const apps = { groupVersion: 'apps/v1', resources: [{ name: 'deployments', kind: 'Deployment' }] };
        const completeness = (answer: Answer) => {
          const cluster = new Asked(profile, null);
          cluster.at(0, answer);
          const { status, reason } = cluster.condition('CompleteAPIEnablements') ?? {};
          return [status, reason, cluster.status.apiEnablements?.length];
        };
        expect(completeness({ apis: [apps], areApisPartial: false })).toEqual(['True', 'Complete', 1]);
        expect(completeness({ apis: [apps], areApisPartial: true })).toEqual(['False', 'Partial', 1]);
        expect(completeness({ apis: [] })).toEqual(['False', 'Empty', 0]);
        expect(completeness({})).toEqual([undefined, undefined, undefined]);
      });
    });
  }

  it('turns by the first answer after a restart in Karmada, and only after a while where that would empty it', () => {
    const restarted = (profile: Profile): Asked => {
      const cluster = new Asked(profile, null);
      cluster.at(0, well);
      return cluster.restart();
    };
    expect(restarted(KARMADA_PROFILE).at(10, 'silence')).toBe(SILENT);
    const waited = restarted(MUSTER_PROFILE);
    expect(waited.at(10, 'silence')).toBe(READY);
    expect(waited.at(25, 'silence')).toBe(READY);
    expect(waited.at(26, 'silence')).toBe(SILENT);
  });
});
