// The tables of the report: what was expected, what faults came to, and figures of workloads, of parts of the fleet and of kinds.
import { GROUPS, WORKLOAD_METRICS, type WorkloadMetric } from '../../metrics/names.ts';
import { faultNames } from '../../metrics/rows.ts';
import { secondsText, worstFaults } from '../fault-text.ts';
import { callTotals, rounded } from '../figure-text.ts';
import type { ReportData } from '../report-data.ts';

const FAULTS_MAX = 40;
const WORKLOADS_MAX = 40;
const KINDS_MAX = 14;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** A cell is HTML already. */
type Cell = { readonly html: string; readonly isNumber?: boolean };

const words = (text: string): Cell => ({ html: escaped(text) });
const figure = (text: string): Cell => ({ ...words(text), isNumber: true });
const badge = (text: string, ok: boolean): Cell => ({ html: `<span class="badge${ok ? '' : ' bad'}">${text}</span>` });

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[], none: string, look = ''): string {
  if (rows.length === 0) return `<p class="soft">${none}</p>`;
  const cell = (tag: string) => (one: Cell) =>
    `<${tag}${one.isNumber === true ? ' class="n"' : ''}>${one.html}</${tag}>`;
  const line = (tag: string) => (cells: readonly Cell[]) => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  const top = head.length === 0 ? '' : `<thead>${line('th')(head)}</thead>`;
  return `<table${look === '' ? '' : ` class="${look}"`}>${top}<tbody>${rows.map(line('td')).join('')}</tbody></table>`;
}

const moreText = (count: number): string => (count > 0 ? `<p class="soft">and ${count} more</p>` : '');

export function tablesOf(data: ReportData) {
  return {
    findings: findingsTable(data),
    faults: faultsTable(data),
    workloads: workloadsTable(data),
    balance: balanceTable(data),
    calls: callsTable(data),
  };
}

const findingsTable = ({ findings }: ReportData): string =>
  table(
    [],
    findings.map(({ name, ok, why, because }) => [
      badge(ok ? 'ok' : 'failed', ok),
      because === null ? words(name) : { html: `${escaped(name)}<small>because ${escaped(because)}</small>` },
      words(why),
    ]),
    'Nothing was expected.',
    'stacks',
  );

function faultsTable({ figures: { faults } }: ReportData): string {
  const names = faultNames(faults);
  const worst = worstFaults(faults, FAULTS_MAX);
  const rows = worst.map((at) => {
    const fault = faults[at]!;
    const needless = fault.needlessMoves === 0 ? '' : `, ${fault.needlessMoves} needlessly`;
    return [
      words(names[at]!),
      words(fault.what),
      figure(secondsText(fault.atSeconds)),
      figure(fault.clusters.length === 0 ? '' : secondsText(fault.detectSeconds)),
      figure(secondsText(fault.evictSeconds)),
      figure(secondsText(fault.recoverSeconds)),
      figure(rounded(fault.lostReplicaSeconds)),
      figure(`${fault.moves}${needless}`),
      figure(String(fault.decisions)),
    ];
  });
  const head = [
    words('fault'),
    words('what'),
    ...['at', 'noticed', 'left', 'overcome', 'replica-seconds lost', 'moved', 'decisions'].map((one) => figure(one)),
  ];
  return table(head, rows, 'Nothing went wrong.', 'faults') + moreText(faults.length - worst.length);
}

/** A row for each metric, as there are many of them, and a column for each workload, as there are mostly few. */
function workloadsTable({ figures: { all, workloads } }: ReportData): string {
  const columns = Object.entries(workloads).slice(0, WORKLOADS_MAX);
  const head = [
    words(''),
    figure('all'),
    ...columns.map(([name]) => figure(name.slice(name.indexOf('/') + 1).slice(name.split('/')[1]!.length + 1))),
  ];
  const rows = Object.entries(WORKLOAD_METRICS).map(([metric, is]) => [
    { html: `${escaped(metric)}<small>${escaped(is)}</small>` },
    ...[all, ...columns.map(([, own]) => own)].map((own) => figure(rounded(own[metric as WorkloadMetric]))),
  ]);
  return table(head, rows, 'Nothing was wanted.') + moreText(Object.keys(workloads).length - columns.length);
}

const bar = (share: number, text: string): Cell => ({
  html: `<span class="bar" style="width:${Math.round(share * 60)}%"></span>${escaped(text)}`,
});

const balanceTable = ({ figures: { balance } }: ReportData): string =>
  table(
    [words(''), words('share of what served'), figure('at the end'), figure('cost')],
    GROUPS.flatMap((group) =>
      Object.entries(balance[group]).map(([name, { share, serving, cost }]) => [
        words(`${group} ${name}`),
        bar(share, `${(share * 100).toFixed(1)}%`),
        figure(String(serving)),
        figure(rounded(cost)),
      ]),
    ),
    'Nothing served.',
    'named',
  );

function callsTable({ figures: { calls } }: ReportData): string {
  const totals = callTotals(calls);
  const shown = totals.slice(0, KINDS_MAX);
  const rows = shown.map(({ kind, hub, members }) => [words(kind), figure(String(hub)), figure(String(members))]);
  const head = [words('kind'), figure('hub'), figure('members')];
  return table(head, rows, 'Nobody asked for anything.') + moreText(totals.length - shown.length);
}
