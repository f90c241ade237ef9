// Load that comes and goes: traffic along a curve that drives a workload's replicas, work that its pods share, and workloads that
// arrive and leave.
import type { KubeObject } from '../../engine/index.ts';
import { distributionForm, readDistribution } from '../format/distribution.ts';
import { about, amount, count, word } from '../format/form.ts';
import type { ActionKind } from './action.ts';
import { curveFields, curveForm, follow, readCurve } from './curve.ts';
import { manifestsForm, refForm } from './object-changes.ts';

export const traffic: ActionKind = {
  key: 'traffic',
  value: refForm,
  required: {
    curve: curveForm('load'),
    perReplica: about('load that one replica bears', amount(0.001, 1e12)),
  },
  optional: {
    min: about('replicas; 1', count(0, 1_000_000)),
    max: about('replicas', count(0, 1_000_000)),
    ...curveFields('replicas follow the load'),
  },
  read: (entry, reader) => {
    const ref = reader.object('traffic');
    const curve = readCurve(entry, reader);
    const [least, most] = [Number(entry.min ?? 1), Number(entry.max ?? Number.MAX_SAFE_INTEGER)];
    if (entry.max != null && Number(entry.min ?? 0) > most) {
      reader.refuse('min', `is ${least}, and should not be above max, which is ${most}`);
    }
    return {
      perform: (stage, random) => {
        follow(curve, stage, random, (load) => {
          const replicas = Math.ceil(load / Number(entry.perReplica));
          stage.scale(ref.key, Math.min(most, Math.max(least, replicas)));
        });
        return `traffic of ${ref.text} begins${curve.told}`;
      },
    };
  },
};

export const demand: ActionKind = {
  key: 'demand',
  value: refForm,
  required: { curve: curveForm('work that there is for all its pods together, in CPUs or bytes') },
  optional: { resource: about('what the work takes; cpu', word('cpu', 'memory')), ...curveFields('it changes') },
  read: (entry, reader) => {
    const ref = reader.object('demand');
    const curve = readCurve(entry, reader);
    const resource = String(entry.resource ?? 'cpu');
    return {
      perform: (stage, random) => {
        follow(curve, stage, random, (load) => stage.demand(ref.key, resource, Math.round(load * 1000)));
        return `work for ${ref.text} begins${curve.told}`;
      },
    };
  },
};

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
