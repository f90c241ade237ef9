// What moves in the report: the slider over time, the map, the charts and the lists. Plain script for a browser, as text: it is
// read by no compiler, so it keeps to what every browser knows.

export const SCRIPT = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const SVG = 'http://www.w3.org/2000/svg';
const draw = (tag, attributes, text) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
};
const clock = (second) => {
  const whole = Math.max(0, Math.round(second));
  const part = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  return (hours > 0 ? hours + ':' + part(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)) + ':' + part(whole % 60);
};
const at = (steps, second, before) => {
  let low = 0;
  let high = (steps || []).length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle][0] <= second) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? before : steps[low - 1][1];
};

const outages = [];
for (const [from, until] of data.clusters.flatMap((cluster) =>
  cluster.state.flatMap(([from, state], index) =>
    state === 'not ready' || state === 'unknown'
      ? [[Math.max(0, from), (cluster.state[index + 1] || [data.seconds])[0]]]
      : []
  ).filter(([from, until]) => until > 0 && from < data.seconds && until > from)
).sort((a, b) => a[0] - b[0])) {
  const last = outages[outages.length - 1];
  if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
  else outages.push([from, until]);
}

const places = new Map();
for (const cluster of data.clusters) {
  const region = (cluster.provider ? cluster.provider + ' · ' : '') + (cluster.region || 'no region');
  if (!places.has(region)) places.set(region, new Map());
  const zones = places.get(region);
  if (!zones.has(cluster.zone)) zones.set(cluster.zone, []);
  zones.get(cluster.zone).push(cluster);
}
const cards = [];
const byName = (a, b) => a[0].localeCompare(b[0], 'en', { numeric: true });
$('fleet').classList.toggle('dense', data.clusters.length > 40);
for (const [region, zones] of [...places].sort(byName)) {
  const box = make('section', { class: 'region card' }, make('b', { text: region }));
  for (const [zone, clusters] of [...zones].sort(byName)) {
    const grid = make('div', { class: 'clusters' });
    for (const cluster of clusters.sort((a, b) => byName([a.name], [b.name]))) {
      const state = make('i');
      const meter = make('div');
      const pods = make('div', { class: 'pods' });
      const card = make('article', { class: 'cluster', id: 'cluster-' + cluster.name, 'data-state': 'ready' },
        make('header', {}, make('span', { text: cluster.name }), state),
        make('div', { class: 'meter', title: 'CPU taken' }, meter), pods);
      cards.push({ cluster, card, state, meter, pods });
      grid.append(card);
    }
    box.append(make('div', { class: 'zone' }, make('span', { text: zone || 'no zone' }), grid));
  }
  $('fleet').append(box);
}

const WIDTH = 340;
const HEIGHT = 92;
const LEFT = 24;
const x = (second) => LEFT + (Math.max(0, second) / Math.max(1, data.seconds)) * (WIDTH - LEFT - 4);
const path = (steps, y) => {
  const shown = steps.filter(([second], index) => second >= 0 || !(steps[index + 1] && steps[index + 1][0] <= 0));
  if (shown.length === 0) return '';
  let text = 'M' + x(shown[0][0]) + ',' + y(shown[0][1]);
  for (const [second, value] of shown.slice(1)) text += 'H' + x(second) + 'V' + y(value);
  return text + 'H' + x(data.seconds);
};
const cursors = [];
const chart = (title, lines, unit) => {
  const most = Math.max(1, ...lines.flatMap(({ steps }) => steps.map(([, value]) => value)));
  const y = (value) => 8 + (1 - value / most) * (HEIGHT - 24);
  const svg = draw('svg', { viewBox: '0 0 ' + WIDTH + ' ' + HEIGHT, role: 'img', 'aria-label': title });
  for (const [from, until] of outages) {
    svg.append(draw('rect', { x: x(from), y: 8, width: Math.max(1, x(until) - x(from)), height: HEIGHT - 24, fill: 'var(--fault)' }));
  }
  for (const value of [0, most]) {
    svg.append(draw('line', { x1: LEFT, x2: WIDTH - 4, y1: y(value), y2: y(value), stroke: 'var(--line)' }));
    svg.append(draw('text', { x: LEFT - 4, y: y(value) + 3, 'text-anchor': 'end' }, String(value)));
  }
  svg.append(draw('text', { x: LEFT, y: HEIGHT - 3 }, '0:00'), draw('text', { x: WIDTH - 4, y: HEIGHT - 3, 'text-anchor': 'end' }, clock(data.seconds)));
  for (const { steps, colour, dash } of lines) {
    svg.append(draw('path', { d: path(steps, y), fill: 'none', stroke: colour, 'stroke-width': 1.6, 'stroke-dasharray': dash || '' }));
  }
  const cursor = draw('line', { y1: 8, y2: HEIGHT - 16, stroke: 'var(--accent)', 'stroke-width': 1 });
  svg.append(cursor);
  const value = make('span');
  cursors.push((second) => {
    cursor.setAttribute('x1', x(second));
    cursor.setAttribute('x2', x(second));
    value.textContent = unit(second);
  });
  return make('div', { class: 'chart card' }, make('h3', {}, make('b', { text: title }), value), svg);
};
for (const workload of data.workloads) {
  $('workloads').append(chart(workload.name, [
    { steps: workload.desired, colour: 'var(--want)', dash: '4 3' },
    { steps: workload.serving, colour: 'var(--serve)' },
  ], (second) => at(workload.serving, second, 0) + ' of ' + at(workload.desired, second, 0) + ' serve, ' + at(workload.moved, second, 0) + ' moved'));
}
const regions = [...new Set(data.clusters.map(({ region }) => region))].sort();
for (const region of regions) {
  const members = data.clusters.filter((cluster) => cluster.region === region);
  const seconds = [...new Set(members.flatMap(({ cpu }) => cpu.map(([second]) => second)))].sort((a, b) => a - b);
  const mean = (second) => Math.round(members.reduce((sum, { cpu }) => sum + at(cpu, second, 0), 0) / members.length);
  const steps = seconds.map((second) => [second, mean(second)]);
  $('capacity').append(chart('CPU taken in ' + (region || 'no region'), [{ steps, colour: 'var(--accent)' }], (second) => at(steps, second, 0) + ' %'));
}

const stories = data.story.map((line) => {
  const button = make('button', { class: line.sort + (line.ok ? '' : ' bad'), onclick: () => show(line.at) },
    make('time', { text: clock(line.at) }), make('span', { text: line.text }));
  $('story').append(make('li', {}, button));
  return { line, button };
});
for (const { at: second, workload, before, after, why } of data.decisions) {
  const reasons = make('ul');
  for (const { cluster, says } of why) reasons.append(make('li', {}, make('b', { text: cluster + ': ' }), says));
  const details = make('details', {}, make('summary', {}, make('time', { text: clock(second) }),
    make('b', { text: workload + ' ' }), before + ' → ' + after), why.length > 0 ? reasons : make('p', { class: 'soft', text: 'not looked into' }));
  details.addEventListener('toggle', () => { if (details.open) show(second); });
  $('decisions').append(details);
}
if (data.decisions.length === 0) $('decisions').append(make('p', { class: 'soft', text: 'Nothing was decided.' }));
const slider = $('time');
slider.max = String(Math.round(data.seconds));
for (const { at: second, sort, ok } of data.story) {
  if (sort !== 'event' && ok) continue;
  const place = (second / Math.max(1, data.seconds)) * 1000;
  $('ticks').append(draw('rect', { x: Math.min(997, place), y: 0, width: 3, height: 6, fill: ok ? 'var(--accent)' : 'var(--bad)' }));
}
function show(second) {
  slider.value = String(Math.round(second));
  slider.setAttribute('aria-valuetext', clock(second));
  $('clock').textContent = clock(second);
  for (const { cluster, card, state, meter, pods } of cards) {
    const is = at(cluster.state, second, 'gone');
    card.dataset.state = is;
    state.textContent = is === 'ready' ? '' : is;
    card.title = cluster.name + ': ' + is;
    meter.style.width = Math.min(100, at(cluster.cpu, second, 0)) + '%';
    pods.replaceChildren(...data.workloads.flatMap((workload) => {
      const serving = at(workload.servingIn[cluster.name], second, 0);
      const assigned = at(workload.assignedIn[cluster.name], second, 0);
      if (serving === 0 && assigned === 0) return [];
      const text = serving === assigned ? String(serving) : serving + '/' + assigned;
      return [make('span', { text: workload.name }), make('b', { text, class: serving < assigned ? 'short' : '' })];
    }));
  }
  for (const move of cursors) move(second);
  let last = null;
  for (const { line, button } of stories) {
    const isLater = line.at > second + 0.5;
    button.classList.toggle('later', isLater);
    if (!isLater) last = line;
  }
  $('now').textContent = last === null ? 'before anything happened' : clock(last.at) + '  ' + last.text;
}
let timer = null;
const PLAY_MS = 60;
function play() {
  const isOver = Number(slider.value) >= Number(slider.max);
  if (timer !== null) {
    clearInterval(timer);
    timer = null;
  } else {
    if (isOver) show(0);
    const step = Math.max(1, data.seconds / 400);
    timer = setInterval(() => {
      const next = Number(slider.value) + step;
      show(Math.min(data.seconds, next));
      if (next >= data.seconds) play();
    }, PLAY_MS);
  }
  $('play').textContent = timer === null ? '▶' : '❚❚';
  $('play').setAttribute('aria-label', timer === null ? 'play' : 'pause');
}
$('play').addEventListener('click', play);
slider.addEventListener('input', () => show(Number(slider.value)));
const first = data.story.find(({ sort, at: second }) => sort === 'event' && second > 0);
show(first === undefined ? data.seconds : Math.min(data.seconds, first.at + 60));
`;
