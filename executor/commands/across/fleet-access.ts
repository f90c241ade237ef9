// Members for commands that look into many of them: which ones, and the way through the hub, with the rights that its user
// has there.
import type { Argv } from 'yargs';
import { type Cluster, isObject } from '../../../engine/index.ts';
import type { ApiObjects } from '../../live/api-objects.ts';
import type { HttpApi } from '../../live/http-api.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { CLUSTER_KIND } from '../member-access.ts';

const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';

export const withClustersOption = (yargs: Argv): Argv =>
  yargs.option('clusters', { alias: 'C', describe: 'names, with commas; all members if left out', type: 'string' });

/** The path of a member's API, as the hub sends it on. */
export const throughHub = (cluster: string, path: string): string =>
  `${CLUSTERS}/${encodeURIComponent(cluster)}/proxy${path}`;

export async function chosenClusters(hub: ApiObjects, { clusters }: Arguments): Promise<readonly string[]> {
  const found = await hub.list(CLUSTER_KIND);
  const known = (found as unknown as readonly Cluster[]).map(({ metadata }) => metadata.name);
  if (typeof clusters !== 'string') return known;
  const names = [...new Set(clusters.split(',').filter((name) => name !== ''))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`the hub knows no cluster ${unknown}: it knows ${known.join(', ') || 'none'}`);
  }
  return names;
}

/** What one cluster answered, or why it did not. */
export type Answer =
  | { readonly cluster: string; readonly ok: true; readonly body: Record<string, unknown> }
  | {
      readonly cluster: string;
      readonly ok: false;
      readonly problem: string;
      readonly status: number | null;
      /** It serves the kind, but has none of the name. */
      readonly isMissing: boolean;
    };

const NOT_FOUND = 404;

export async function ask(hub: HttpApi, cluster: string, path: string, accept = 'application/json'): Promise<Answer> {
  const answer = await hub.send({ method: 'GET', path: throughHub(cluster, path), accept });
  if (!answer.ok) return { cluster, ok: false, problem: answer.message, status: null, isMissing: false };
  const body = parsed(answer.text);
  if (answer.status === 200 && body !== null) return { cluster, ok: true, body };
  const { status } = answer;
  const otherwise = status === NOT_FOUND ? 'it does not serve this kind' : `it answers with status ${status}`;
  const isMissing = status === NOT_FOUND && isObject(body?.details) && typeof body.details.name === 'string';
  return { cluster, ok: false, problem: String(body?.message ?? otherwise), status, isMissing };
}

/** An answer's text as an object; null for anything else. */
export function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Says of each cluster that did not answer why not; whether there was any. */
export function tellFailures(answers: readonly Answer[]): boolean {
  const failed = answers.filter((one) => !one.ok);
  for (const { cluster, problem } of failed) process.stderr.write(`cluster ${cluster}: ${problem}\n`);
  return failed.length > 0;
}

/** What was asked for by its name in all clusters need not be in each of them. */
export function relevant(answers: readonly Answer[], { clusters }: Arguments): readonly Answer[] {
  const isFound = typeof clusters !== 'string' && answers.some(({ ok }) => ok);
  return isFound ? answers.filter((answer) => answer.ok || !answer.isMissing) : answers;
}

export const podsPath = (namespace: string, selector: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?labelSelector=${encodeURIComponent(selector)}`;

export const podPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
