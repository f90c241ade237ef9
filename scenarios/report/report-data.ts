// What the report shows, as plain data: histories as steps of [second, value], each value standing until the next.
import type { RunFigures } from '../metrics/names.ts';

export type Steps<T> = readonly (readonly [second: number, value: T])[];

export interface ReportCluster {
  readonly name: string;
  readonly provider: string;
  readonly region: string;
  readonly zone: string;
  /** "ready", "not ready", "unknown", "cordoned", "leaving", "gone". */
  readonly state: Steps<string>;
  /** Share of its CPU that is taken, in percent. */
  readonly cpu: Steps<number>;
}

export interface ReportWorkload {
  readonly name: string;
  readonly kind: string;
  readonly desired: Steps<number>;
  /** Over all clusters, in truth. */
  readonly serving: Steps<number>;
  readonly servingIn: Readonly<Record<string, Steps<number>>>;
  readonly assignedIn: Readonly<Record<string, Steps<number>>>;
  /** Replicas moved so far. */
  readonly moved: Steps<number>;
}

export interface ReportDecision {
  readonly at: number;
  readonly workload: string;
  readonly before: string;
  readonly after: string;
  /** Why each cluster was chosen or not; empty where that was not looked into. */
  readonly why: readonly { readonly cluster: string; readonly says: string }[];
}

export interface ReportStory {
  readonly at: number;
  readonly sort: string;
  readonly text: string;
  readonly ok: boolean;
}

export interface ReportFinding {
  readonly name: string;
  readonly ok: boolean;
  readonly why: string;
  /** The author's reason for expecting it. */
  readonly because: string | null;
}

export interface ReportData {
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly profile: string;
  readonly seconds: number;
  readonly ok: boolean;
  readonly again: string;
  readonly clusters: readonly ReportCluster[];
  readonly workloads: readonly ReportWorkload[];
  readonly decisions: readonly ReportDecision[];
  readonly story: readonly ReportStory[];
  readonly findings: readonly ReportFinding[];
  readonly figures: RunFigures;
  /** What was too much to be recorded, in words. */
  readonly left: readonly string[];
}
