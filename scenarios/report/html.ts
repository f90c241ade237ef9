// The report as one page that needs nothing else: what was recorded, and the script that shows it.
import { FIGURES, type FigureName } from '../run/figures.ts';
import { SCRIPT } from './page/script.ts';
import { STYLE } from './page/style.ts';
import type { ReportData } from './report-data.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** Inside a script element nothing may look like its end, and no separator of lines like one. */
const embedded = (data: ReportData): string =>
  JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

export function reportPage(data: ReportData): string {
  const { name, title, ok, seed, profile, again, clusters, workloads, left } = data;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(name)} <span class="badge${ok ? '' : ' bad'}">${ok ? 'all as expected' : 'not as expected'}</span></h1>
<p>${escaped(title)}</p>
<p class="soft">${clusters.length} clusters, ${workloads.length} workloads, profile ${escaped(profile)}, seed ${escaped(seed)}. Again: <code>${escaped(again)}</code></p>
${left.map((one) => `<p class="soft">${escaped(one)}.</p>`).join('\n')}
<div class="player card">
<button id="play" type="button" aria-label="play">▶</button>
<input id="time" type="range" min="0" max="1" value="0" step="1" aria-label="time">
<span id="clock" class="clock">0:00</span>
<svg id="ticks" class="ticks" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true"></svg>
<div id="now" class="now soft" aria-live="polite"></div>
</div>
<h2>The fleet</h2>
<div id="fleet" class="fleet"></div>
<h2>Workloads: wanted (dashed) and serving</h2>
<div id="workloads" class="charts"></div>
<h2>What was expected</h2>
<div class="card scroll">${findingsTable(data)}</div>
<div class="two">
<div><h2>What happened</h2><div class="card"><ol id="story" class="story"></ol></div></div>
<div><h2>Decisions, and why</h2><div id="decisions" class="card decisions"></div></div>
</div>
<h2>Capacity</h2>
<div id="capacity" class="charts"></div>
<div class="two">
<div><h2>Figures</h2><div class="card scroll">${figuresTable(data)}</div></div>
<div><h2>Requests to the APIs</h2><div id="calls" class="card bars"></div></div>
</div>
<script id="data" type="application/json">${embedded(data)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function findingsTable({ findings }: ReportData): string {
  if (findings.length === 0) return '<p class="soft">Nothing was expected.</p>';
  const rows = findings.map(
    ({ name, ok, why }) =>
      `<tr><td><span class="badge${ok ? '' : ' bad'}">${ok ? 'ok' : 'failed'}</span></td><td>${escaped(name)}</td><td class="soft">${escaped(why)}</td></tr>`,
  );
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

const NAMES = Object.keys(FIGURES) as readonly FigureName[];

function figuresTable({ figures: { all, workloads } }: ReportData): string {
  const head = NAMES.map((name) => `<th class="n" title="${escaped(FIGURES[name])}">${name}</th>`).join('');
  const rows = [['all', all] as const, ...Object.entries(workloads).slice(0, 40)].map(
    ([name, own]) =>
      `<tr><td>${escaped(name)}</td>${NAMES.map((figure) => `<td class="n">${rounded(own[figure])}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const rounded = (value: number): string => String(Math.round(value * 10_000) / 10_000);
