// The JSON text of objects: made once for each state of a stored object, and shared by answers, lists and watches.

import type { KubeObject } from '../../engine/index.ts';
import { merged } from '../../engine/index.ts';

const METADATA_ORDER = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

export function orderedMetadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const result: Record<string, unknown> = {};
  for (const key of METADATA_ORDER) if (metadata[key] !== undefined) result[key] = metadata[key];
  return merged(result, metadata, result) as KubeObject['metadata'];
}

/** Everything but the type: metadata first and status last, as people read objects. */
export function content(object: KubeObject): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, metadata, status, ...rest } = object;
  return { metadata: orderedMetadata(metadata), ...rest, ...(status === undefined ? {} : { status }) };
}

export const ordered = (object: KubeObject): KubeObject =>
  ({ kind: object.kind, apiVersion: object.apiVersion, ...content(object) }) as KubeObject;

const KNOWN = new WeakMap<KubeObject, string>();

/** Without the opening brace. What is not frozen may still change, and is not remembered. */
function contentText(object: KubeObject): string {
  const known = KNOWN.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(content(object)).slice(1);
  if (Object.isFrozen(object)) KNOWN.set(object, text);
  return text;
}

export const typedText = (object: KubeObject): string =>
  `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${contentText(object)}`;

/** As in lists of built-in kinds, whose items do not repeat their type. */
export const untypedText = (object: KubeObject): string => `{${contentText(object)}`;

/** The text of one object, made when it is needed: who is in this very process takes the object itself. */
export class ObjectText {
  readonly object: KubeObject;

  constructor(object: KubeObject) {
    this.object = object;
  }

  toString(): string {
    return `${typedText(this.object)}\n`;
  }
}

/** Items to a slice: some milliseconds of work at most. */
const SLICE_ITEMS = 200;

/** The text of a long list, made slice by slice as it is sent, so that nobody else waits for all of it. */
export class SlicedText {
  private readonly head: string;
  private readonly items: readonly KubeObject[];
  private readonly textOf: (object: KubeObject) => string;

  constructor(head: string, items: readonly KubeObject[], textOf: (object: KubeObject) => string) {
    this.head = head;
    this.items = items;
    this.textOf = textOf;
  }

  *slices(): Iterable<string> {
    yield this.head;
    for (let at = 0; at < this.items.length; at += SLICE_ITEMS) {
      const texts = this.items.slice(at, at + SLICE_ITEMS).map(this.textOf);
      yield `${at === 0 ? '' : ','}${texts.join(',')}`;
    }
    yield ']}\n';
  }

  toString(): string {
    return [...this.slices()].join('');
  }
}
