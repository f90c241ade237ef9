// How far a rollout is: from what it was, what the clusters are like and what people said, to what it is now. Waves begin one
// after the other, each once all clusters that have the change have been well for long enough; harm ends it.
import type { Cluster } from '../../api/cluster.ts';
import {
  ROLLOUT_WORDS,
  type RolloutWave,
  type StagedRollout,
  type StagedRolloutStatus,
} from '../../api/staged-rollout.ts';
import { byText } from '../../base/order.ts';
import { formatTime, type Millis, parseTime } from '../../kube/time.ts';
import { type PlannedWave, planWaves } from '../../propagate/waves.ts';
import { isSameRevision } from './placements.ts';

export interface ClusterState {
  readonly cluster: Cluster;
  /** Why it cannot count as well with the newest revision; null where it is well. */
  readonly trouble: string | null;
}

export interface Goal {
  readonly revision: string;
  /** Why no wave can begin, nor the last one end, whatever people say; null where nothing stands against it. */
  readonly obstacle: string | null;
}

export interface Progress {
  readonly status: StagedRolloutStatus;
  /** When it may be otherwise though nothing changes; null for never. */
  readonly lookAt: Millis | null;
}

const BAKE_SECONDS = 30;
const HEALTH_SECONDS = 600;
/** What clusters tell of a moment ago may still be about the revision before. */
const SETTLE_MS: Millis = 5_000;

export function progress(
  rollout: StagedRollout,
  { revision: newest, obstacle }: Goal,
  clusters: readonly ClusterState[],
  now: Millis,
): Progress {
  const before = rollout.status ?? {};
  const { stableRevision = newest, updateRevision } = before;
  if (isSameRevision(newest, stableRevision)) return settled(newest, clusters.length);
  const isKnown = updateRevision !== undefined && isSameRevision(newest, updateRevision);
  const goal = { revision: isKnown ? updateRevision : newest, obstacle };
  return new Run(rollout, goal, clusters, now).from(isKnown ? before : begin(stableRevision, newest));
}

const begin = (stableRevision: string, updateRevision: string): StagedRolloutStatus => ({
  phase: 'Progressing',
  stableRevision,
  updateRevision,
  wave: 0,
  updatedClusters: [],
});

function settled(stableRevision: string, clusters: number): Progress {
  const message = 'Every cluster has the newest revision.';
  return {
    status: { phase: 'Stable', message, stableRevision, progress: `${clusters}/${clusters}` },
    lookAt: null,
  };
}

class Run {
  readonly #rollout: StagedRollout;
  readonly #revision: string;
  readonly #obstacle: string | null;
  readonly #clusters: readonly ClusterState[];
  readonly #waves: readonly PlannedWave[];
  readonly #now: Millis;

  constructor(rollout: StagedRollout, goal: Goal, clusters: readonly ClusterState[], now: Millis) {
    this.#rollout = rollout;
    this.#revision = goal.revision;
    this.#obstacle = goal.obstacle;
    this.#clusters = clusters;
    this.#now = now;
    this.#waves = planWaves(
      rollout.spec.waves ?? [],
      clusters.map(({ cluster }) => cluster),
    );
  }

  from(status: StagedRolloutStatus): Progress {
    const { annotations = {} } = this.#rollout.metadata;
    const hasEnded = status.phase === 'Stopped' || status.phase === 'RolledBack';
    const isRetried = hasEnded && timeOf(annotations[ROLLOUT_WORDS.retried]) >= timeOf(status.endTime);
    const isAborted = annotations[ROLLOUT_WORDS.aborted] === this.#revision;
    if (isAborted && status.phase !== 'RolledBack') return this.#rollBack(status, 'somebody aborted it');
    if (!hasEnded) return this.#goOn(status);
    return isRetried && !isAborted ? this.#retry(status) : this.#told(status);
  }

  /** Where clusters kept the change the wave has its time again; where they went back, all of it begins anew. */
  #retry(status: StagedRolloutStatus): Progress {
    const { endTime: _end, failedClusters: _failed, ...rest } = status;
    if (status.phase === 'RolledBack') return this.#goOn(begin(status.stableRevision!, this.#revision));
    return this.#goOn({ ...rest, phase: 'Progressing', waveStartTime: formatTime(this.#now) });
  }

  #goOn(given: StagedRolloutStatus): Progress {
    let status = given;
    for (;;) {
      status = this.#withClusters(status);
      const waiting = this.#waitFor(status);
      if (waiting !== null) return waiting;
      const opened = status.wave ?? 0;
      const next = this.#waves[opened];
      const obstacle = this.#obstacle ?? (next === undefined ? null : this.#obstacleTo(next.wave, opened + 1));
      if (obstacle !== null) return this.#told({ ...status, phase: 'Waiting', message: obstacle });
      if (next === undefined) return settled(this.#revision, this.#clusters.length);
      const { wellSince: _well, waveName: _name, ...rest } = status;
      status = {
        ...rest,
        phase: 'Progressing',
        passedClusters: passedIn(status),
        wave: opened + 1,
        ...(next.wave.name !== undefined && { waveName: next.wave.name }),
        waveStartTime: formatTime(this.#now),
      };
    }
  }

  /** Whoever has the change keeps it while it is there; clusters that came later are in the wave that they would have been in. */
  #withClusters(status: StagedRolloutStatus): StagedRolloutStatus {
    const there = new Set(this.#clusters.map(({ cluster }) => cluster.metadata.name));
    const opened = this.#waves.slice(0, status.wave ?? 0).flatMap(({ clusters }) => clusters);
    const updated = new Set([...(status.updatedClusters ?? []), ...opened].filter((name) => there.has(name)));
    return { ...status, updatedClusters: [...updated].sort(byText) };
  }

  /** Null where nothing stands against the next wave. */
  #waitFor(status: StagedRolloutStatus): Progress | null {
    const { wave = 0, updatedClusters = [] } = status;
    if (wave === 0 || updatedClusters.length === 0) return null;
    const ill = this.#clusters.flatMap(({ cluster: { metadata }, trouble }) =>
      trouble !== null && updatedClusters.includes(metadata.name) ? [{ name: metadata.name, message: trouble }] : [],
    );
    const given = new Set((status.failedClusters ?? []).map(({ name }) => name));
    const awaited = ill.filter(({ name }) => !given.has(name));
    if (awaited.length === 0) return this.#bake(status);
    const { wellSince: _well, ...rest } = status;
    const { healthTimeoutSeconds = HEALTH_SECONDS, maxFailures = 0, onFailure = 'Stop' } = this.#rollout.spec;
    const deadline = timeOf(status.waveStartTime) + healthTimeoutSeconds * 1000;
    if (this.#now < deadline) {
      const message = `Wave ${wave} waits for ${awaited.map(({ name }) => name).join(', ')}: ${awaited[0]!.message}.`;
      return this.#told({ ...rest, phase: 'Progressing', message }, deadline);
    }
    const failed = { ...rest, failedClusters: ill };
    if (ill.length <= maxFailures) return this.#bake(failed);
    const why = `${ill.map(({ name, message }) => `${name}: ${message}`).join('; ')}`;
    if (onFailure === 'RollBack') return this.#rollBack(failed, why);
    const message = `Stopped in wave ${wave}: ${why}.`;
    return this.#told({ ...failed, phase: 'Stopped', message, endTime: formatTime(this.#now) });
  }

  #bake(status: StagedRolloutStatus): Progress | null {
    const { wave = 0 } = status;
    const { bakeSeconds = BAKE_SECONDS } = this.#waves[wave - 1]?.wave ?? {};
    const wellSince = status.wellSince ?? formatTime(this.#now);
    const done = timeOf(wellSince) + Math.max(SETTLE_MS, bakeSeconds * 1000);
    if (this.#now >= done) return null;
    const message = `Wave ${wave} is well, and is watched until ${formatTime(done)}.`;
    return this.#told({ ...status, phase: 'Progressing', wellSince, message }, done);
  }

  #obstacleTo({ approval = false }: RolloutWave, number: number): string | null {
    if (this.#rollout.spec.paused === true) return 'It is paused.';
    if (!approval) return null;
    const said = this.#rollout.metadata.annotations?.[ROLLOUT_WORDS.approved];
    return said === `${this.#revision}/${number}` ? null : `Wave ${number} waits to be approved.`;
  }

  #rollBack(status: StagedRolloutStatus, why: string): Progress {
    const { wellSince: _well, passedClusters: _passed, ...rest } = status;
    const message = `Rolled back in wave ${status.wave ?? 0}: ${why}.`;
    return this.#told({ ...rest, phase: 'RolledBack', message, updatedClusters: [], endTime: formatTime(this.#now) });
  }

  #told(status: StagedRolloutStatus, lookAt: Millis | null = null): Progress {
    const updated = status.updatedClusters?.length ?? 0;
    const told = { ...status, waves: this.#waves.length, progress: `${updated}/${this.#clusters.length}` };
    return { status: told, lookAt };
  }
}

/** What failed there and was put up with is nothing to count on. */
function passedIn({ updatedClusters = [], failedClusters = [] }: StagedRolloutStatus): string[] {
  const failed = new Set(failedClusters.map(({ name }) => name));
  return updatedClusters.filter((name) => !failed.has(name));
}

const timeOf = (text: string | undefined): Millis => parseTime(text ?? '') ?? Number.NEGATIVE_INFINITY;
