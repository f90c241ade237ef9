// Load that comes and goes: traffic along a curve that drives a workload's replicas, and workloads that arrive and leave.
import { isObject, type KubeObject, type Millis } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { distributionForm, readDistribution } from '../format/distribution.ts';
import { about, amount, count, duration, map, trueOrFalse } from '../format/form.ts';
import type { ActionKind } from './action.ts';
import { manifestsForm, refForm } from './object-changes.ts';

interface Corner {
  readonly at: Millis;
  readonly load: number;
}

export const traffic: ActionKind = {
  key: 'traffic',
  value: refForm,
  required: {
    curve: about(
      'load at times counted from here, with straight lines between: { 0m: 100, 10m: 900 }',
      map(amount(0, 1e12)),
    ),
    perReplica: about('load that one replica bears', amount(0.001, 1e12)),
  },
  optional: {
    min: about('replicas; 1', count(0, 1_000_000)),
    max: about('replicas', count(0, 1_000_000)),
    step: about('how often replicas follow the load; 30s', duration),
    repeat: about('begins again when it ends', trueOrFalse),
    noise: about('percent by which the load is off, at random', amount(0, 100)),
  },
  read: (entry, reader) => {
    const ref = reader.object('traffic');
    const curve = cornersOf(entry.curve, (message) => reader.refuse('curve', message));
    const stepMs = Math.max(1_000, parseDuration(entry.step) ?? 30_000);
    const [least, most] = [Number(entry.min ?? 1), Number(entry.max ?? Number.MAX_SAFE_INTEGER)];
    if (entry.max != null && Number(entry.min ?? 0) > most) {
      reader.refuse('min', `is ${least}, and should not be above max, which is ${most}`);
    }
    const noise = Number(entry.noise ?? 0);
    const lastsMs = curve.at(-1)?.at ?? 0;
    return {
      perform: (stage, random) => {
        const begun = stage.now;
        const follow = () => {
          const passed = stage.now - begun;
          if (passed > lastsMs && entry.repeat !== true) return;
          const load = loadAt(curve, lastsMs === 0 ? 0 : entry.repeat === true ? passed % lastsMs : passed);
          const off = noise === 0 ? 100 : 100 + random.integer(Math.round(-noise), Math.round(noise));
          const replicas = Math.ceil((load * off) / 100 / Number(entry.perReplica));
          stage.scale(ref.key, Math.min(most, Math.max(least, replicas)));
          stage.after(stepMs, follow);
        };
        follow();
        return `traffic of ${ref.text} begins${entry.repeat === true ? '' : `, for ${formatDuration(lastsMs)}`}`;
      },
    };
  },
};

function cornersOf(value: unknown, refuse: (message: string) => void): Corner[] {
  if (!isObject(value)) return [];
  const corners: Corner[] = [];
  for (const [key, load] of Object.entries(value)) {
    const at = parseDuration(key);
    if (at === null) refuse(`has "${key}", and should have durations such as 10m`);
    else corners.push({ at, load: Number(load) });
  }
  if (corners.length === 0) refuse('should have at least one time');
  return corners.sort((a, b) => a.at - b.at);
}

function loadAt(curve: readonly Corner[], time: Millis): number {
  const after = curve.findIndex(({ at }) => at >= time);
  if (after <= 0) return (after === 0 ? curve[0] : curve.at(-1))!.load;
  const [low, high] = [curve[after - 1]!, curve[after]!];
  return low.load + ((high.load - low.load) * (time - low.at)) / (high.at - low.at);
}

export const arrive: ActionKind = {
  key: 'arrive',
  value: about('objects arrive, each time under names in which {n} is a number, or that end in one', manifestsForm),
  optional: { lifetime: about('until they are deleted again', distributionForm) },
  read: (entry, reader) => {
    const templates = reader.manifests('arrive');
    const lifetime = entry.lifetime == null ? null : readDistribution(entry.lifetime);
    return {
      perform: (stage, random) => {
        const number = stage.countUp(templates);
        const objects = templates.map((template) => numbered(template, number));
        const keys = objects.map((object) => stage.apply(object));
        if (lifetime !== null) {
          stage.after(Math.max(1, lifetime(random)), () => {
            for (const key of keys) if (key !== null) stage.delete(key);
          });
        }
        const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ');
        return `${names} ${objects.length === 1 ? 'arrives' : 'arrive'}`;
      },
    };
  },
};

const NUMBER = '{n}';

const numbered = (template: KubeObject, number: number): KubeObject => {
  const { name } = template.metadata;
  const own = name.includes(NUMBER) ? name.replaceAll(NUMBER, String(number)) : `${name}-${number}`;
  return { ...template, metadata: { ...template.metadata, name: own } };
};

/** Whether a name can be that of an object that arrived under the name of its template. */
export function isNumbered(template: string, name: string): boolean {
  const [before, ...after] = template.includes(NUMBER) ? template.split(NUMBER) : [`${template}-`, ''];
  const number = /^\d+/.exec(name.slice(before!.length))?.[0];
  return number !== undefined && name === `${before}${number}${after.join(number)}`;
}
