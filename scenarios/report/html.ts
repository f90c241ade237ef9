// The report as one page that needs nothing else: what was recorded, and the script that shows it.

import { SCRIPT } from './page/script.ts';
import { STYLE } from './page/style.ts';
import { escaped, tablesOf } from './page/tables.ts';
import type { ReportData } from './report-data.ts';
import { verdictOf } from './seen.ts';

/** Inside a script element nothing may look like its end, and no separator of lines like one. */
const embedded = (data: ReportData): string =>
  JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export function reportPage(data: ReportData): string {
  const { name, title, ok, seed, profile, again, clusters, workloads, left } = data;
  const tables = tablesOf(data);
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
<h1>${escaped(name)} <span class="badge${ok ? '' : ' bad'}">${verdictOf(data)}</span></h1>
<p>${escaped(title)}</p>
<p class="soft">${counted(clusters.length, 'cluster')}, ${counted(workloads.length, 'workload')}, profile ${escaped(profile)}, seed ${escaped(seed)}. Again: <code>${escaped(again)}</code></p>
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
<div class="card scroll">${tables.findings}</div>
<h2>Faults, and what they came to</h2>
<div class="card scroll">${tables.faults}</div>
<div class="two">
<div><h2>What happened</h2><div class="card"><ol id="story" class="story"></ol></div></div>
<div><h2>Decisions, and why</h2><div id="decisions" class="card decisions"></div></div>
</div>
<h2>Capacity</h2>
<div id="capacity" class="charts"></div>
<h2>Figures</h2>
<div class="card scroll">${tables.workloads}</div>
<div class="two">
<div><h2>Balance</h2><div class="card scroll">${tables.balance}</div></div>
<div><h2>Requests to the APIs</h2><div class="card scroll">${tables.calls}</div></div>
</div>
<script id="data" type="application/json">${embedded(data)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
