// Limit ranges: fills in what a pod's containers leave open and refuses what lies outside the namespace's bounds.
import { compareQuantity, forbidden, isObject, type KubeObject, parseQuantity } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import { items } from '../resources/cells.ts';

type Amounts = Record<string, unknown>;

const amountsOf = (value: unknown): Amounts => (isObject(value) ? value : {});

export function limitPod(hub: Hub, object: KubeObject): KubeObject {
  const ranges = hub.store.list('/limitranges', object.metadata.namespace ?? '');
  if (ranges.length === 0) return object;
  const limits = ranges.flatMap((range) => items(isObject(range.spec) ? range.spec.limits : []));
  const perContainer = limits.filter(({ type }) => type === 'Container');
  const spec = isObject(object.spec) ? object.spec : {};
  const notes: string[] = [];
  const containers = items(spec.containers).map((container) => {
    const resources = amountsOf(container.resources);
    let given = amountsOf(resources.limits);
    let asked = amountsOf(resources.requests);
    for (const limit of perContainer) {
      const addedRequests = missing(asked, amountsOf(limit.defaultRequest));
      const addedLimits = missing(given, amountsOf(limit.default));
      if (addedRequests.length > 0) notes.push(`${addedRequests.join(', ')} request for container ${container.name}`);
      if (addedLimits.length > 0) notes.push(`${addedLimits.join(', ')} limit for container ${container.name}`);
      asked = { ...amountsOf(limit.defaultRequest), ...asked };
      given = { ...amountsOf(limit.default), ...given };
    }
    const next = {
      ...resources,
      ...(Object.keys(given).length === 0 ? {} : { limits: given }),
      ...(Object.keys(asked).length === 0 ? {} : { requests: asked }),
    };
    return { ...container, resources: next };
  });
  const problems = containers.flatMap(({ resources }) =>
    perContainer.flatMap((limit) => boundProblems(amountsOf(resources), limit)),
  );
  if (problems.length > 0) {
    const text = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`;
    throw forbidden({ group: '', resource: 'pods' }, object.metadata.name, text);
  }
  const annotations = { ...object.metadata.annotations };
  if (notes.length > 0) annotations['kubernetes.io/limit-ranger'] = `LimitRanger plugin set: ${notes.join('; ')}`;
  return {
    ...object,
    metadata: { ...object.metadata, ...(notes.length === 0 ? {} : { annotations }) },
    spec: { ...spec, containers },
  };
}

const missing = (given: Amounts, wanted: Amounts): string[] =>
  Object.keys(wanted)
    .filter((name) => given[name] === undefined)
    .sort();

function boundProblems(resources: Amounts, limit: Record<string, unknown>): string[] {
  const problems: string[] = [];
  const given = amountsOf(resources.limits);
  const asked = amountsOf(resources.requests);
  for (const [name, bound] of Object.entries(amountsOf(limit.max))) {
    const used = parseQuantity(String(given[name] ?? ''));
    const most = parseQuantity(String(bound));
    if (most === null) continue;
    if (used === null) problems.push(`maximum ${name} usage per ${limit.type} is ${bound}.  No limit is specified`);
    else if (compareQuantity(used, most) > 0) {
      problems.push(`maximum ${name} usage per ${limit.type} is ${bound}, but limit is ${given[name]}`);
    }
  }
  for (const [name, bound] of Object.entries(amountsOf(limit.min))) {
    const used = parseQuantity(String(asked[name] ?? ''));
    const least = parseQuantity(String(bound));
    if (least === null) continue;
    if (used === null) problems.push(`minimum ${name} usage per ${limit.type} is ${bound}.  No request is specified`);
    else if (compareQuantity(used, least) < 0) {
      problems.push(`minimum ${name} usage per ${limit.type} is ${bound}, but request is ${asked[name]}`);
    }
  }
  return problems;
}
