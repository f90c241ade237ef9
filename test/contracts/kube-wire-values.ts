// Compares a recorded value with ours, place by place, past what is chance or time in both.
import { isObject } from '../../engine/index.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;

export const tidyText = (text: string): string =>
  text
    .replaceAll(UUID, '<uid>')
    .replaceAll(TIME, '<time>')
    .replaceAll(/in record \(\d+\)/g, 'in record (N)')
    .replaceAll(/current: \d+/g, 'current: N')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: "N"')
    .replaceAll(/\b((?:gen|dry|both)-)[a-z0-9]{5}\b/g, '$1<suffix>')
    .replaceAll(/"<(time|uid)>"/g, '<$1>')
    .replaceAll(/too old resource version: (\d+) \(\d+\)/g, 'too old resource version: $1 (N)')
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<suffix>')
    .replaceAll(/\\"resourceVersion\\":\\"\d+\\"/g, '"resourceVersion":"N"');

/** Places whose value is chance or time: only that something of the kind is there counts. */
const CHANCE =
  /\.(uid|resourceVersion|creationTimestamp|deletionTimestamp|lastTransitionTime|lastUpdateTime|lastProbeTime|continue)$|\.time$|storageVersionHash$|\.clusterIPs?(\[0\])?$|\.nodePort$|\.cells\[\d+\]$|\.description$|^\.metadata\.remainingItemCount$|startTime$/;

export function compareValues(theirs: unknown, ours: unknown, path: string, found: string[]): void {
  if (path.endsWith('.managedFields')) {
    compareOwners(theirs, ours, path, found);
    return;
  }
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length !== ours.length) {
      found.push(`${path}: ${theirs.length} items became ${ours.length}: ${short(theirs)} became ${short(ours)}`);
      return;
    }
    for (const [at, item] of theirs.entries()) compareValues(item, ours[at], `${path}[${at}]`, found);
    return;
  }
  if (isObject(theirs) && isObject(ours)) {
    const tidied = (object: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(object).map(([key, value]) => [tidyText(key), value]));
    const a = tidied(theirs);
    const b = tidied(ours);
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      compareValues(a[key], b[key], `${path}.${key}`, found);
    }
    return;
  }
  if (CHANCE.test(path) && theirs !== undefined && ours !== undefined) return;
  const a = typeof theirs === 'string' ? tidyText(theirs) : theirs;
  const b = typeof ours === 'string' ? tidyText(ours) : ours;
  if (JSON.stringify(a) !== JSON.stringify(b)) found.push(`${path}: ${short(theirs)} became ${short(ours)}`);
}

function compareOwners(theirs: unknown, ours: unknown, path: string, found: string[]): void {
  const key = (entry: unknown) => {
    const one = entry as Record<string, unknown>;
    return `${one.manager}/${one.operation}/${one.apiVersion}/${one.subresource ?? ''}`;
  };
  const index = (list: unknown) =>
    new Map((Array.isArray(list) ? list : []).map((entry) => [key(entry), entry as Record<string, unknown>]));
  const a = index(theirs);
  const b = index(ours);
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    compareValues(a.get(name)?.fieldsV1, b.get(name)?.fieldsV1, `${path}(${name})`, found);
  }
}

const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 220);
