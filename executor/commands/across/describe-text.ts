// An object for people: every field under a name in words, aligned, and what happened to it, as kubectl tells of kinds that it
// has no words of its own for.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { renderTable } from '../../terminal/table.ts';
import { withoutControls } from '../../terminal/text-width.ts';

const GAP = 2;
/** Told by themselves, or of interest to no one. */
const LEFT_OUT = new Set(['name', 'namespace', 'labels', 'annotations', 'managedFields', 'selfLink']);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function describeText(cluster: string, object: KubeObject, events: readonly KubeObject[]): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations ?? {};
  const head: [string, string][] = [
    ['Name', metadata.name],
    ['Cluster', cluster],
    ...(metadata.namespace === undefined ? [] : [['Namespace', metadata.namespace] as [string, string]]),
    ...listed('Labels', metadata.labels ?? {}),
    ...listed('Annotations', annotations),
    ['API Version', apiVersion],
    ['Kind', kind],
  ];
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => !LEFT_OUT.has(key)));
  return [
    ...aligned(head, 0),
    ...block({ metadata: own, ...rest }, 0),
    ...(events.length === 0 ? ['Events:  <none>'] : ['Events:', ...eventLines(events)]),
    '',
  ].join('\n');
}

/** The first beside the title, the others below it. */
function listed(title: string, map: Readonly<Record<string, string>>): [string, string][] {
  const pairs = Object.entries(map).map(([key, value]) => `${key}=${value}`);
  if (pairs.length === 0) return [[title, '<none>']];
  return pairs.map((pair, at) => [at === 0 ? title : '', pair]);
}

function aligned(rows: readonly (readonly [string, string])[], indent: number): string[] {
  const width = Math.max(...rows.map(([title]) => title.length)) + 1 + GAP;
  return rows.map(([title, value]) =>
    `${' '.repeat(indent)}${`${title}${title === '' ? '' : ':'}`.padEnd(width)}${inline(value)}`.trimEnd(),
  );
}

/** "minReadySeconds" is Min Ready Seconds, "podIPs" is Pod I Ps no more than it must be. */
function words(field: string): string {
  if (/[./]/.test(field)) return field;
  const spaced = field.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const inline = (value: string): string => withoutControls(value.replaceAll('\n', ' '));

function block(fields: Readonly<Record<string, unknown>>, indent: number): string[] {
  const plain: [string, string][] = [];
  const lines: string[] = [];
  const nested: string[] = [];
  for (const [field, value] of Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined || value === null) continue;
    if (isObject(value)) {
      if (Object.keys(value).length === 0) plain.push([words(field), '{}']);
      else nested.push(`${' '.repeat(indent)}${words(field)}:`, ...block(value, indent + GAP));
    } else if (Array.isArray(value)) {
      nested.push(`${' '.repeat(indent)}${words(field)}:`, ...items(value, indent + GAP));
    } else plain.push([words(field), String(value)]);
  }
  if (plain.length > 0) lines.push(...aligned(plain, indent));
  return [...lines, ...nested];
}

const items = (values: readonly unknown[], indent: number): string[] =>
  values.flatMap((value) => {
    if (isObject(value)) return block(value, indent);
    if (Array.isArray(value)) return items(value, indent + GAP);
    return [`${' '.repeat(indent)}${inline(String(value))}`];
  });

function eventLines(events: readonly KubeObject[]): string[] {
  const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
  const rows = events
    .map((event) => ({ event, at: text(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ event, at }) => {
      const source = isObject(event.source) ? event.source.component : undefined;
      const count = event.count === undefined ? '1' : text(event.count);
      return [
        text(event.type),
        text(event.reason),
        at,
        count,
        text(source ?? event.reportingComponent),
        text(event.message),
      ];
    });
  const titles = ['Type', 'Reason', 'Last seen', 'Times', 'From', 'Message'].map((title) => ({ title }));
  return renderTable(titles, rows)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}
