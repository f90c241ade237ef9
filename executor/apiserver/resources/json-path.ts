// The part of JSONPath that printer columns and selectable fields use: fields, indexes, wildcards and equality filters.
import { isObject } from '../../../engine/index.ts';

const STEP =
  /\.([\w-]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*)\]|\.\*|\[\?\(@\.([\w.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\)\]/y;

/** Every value at the path; none where it leads nowhere or cannot be read. */
export function readJsonPath(object: unknown, path: string): unknown[] {
  let nodes: unknown[] = [object];
  const text = path.replace(/^\$/, '').replaceAll('\\.', '\u0000');
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) return [];
    at = STEP.lastIndex;
    const [whole, field, quoted, index, filterField, ...texts] = match;
    if (whole === '.*' || index === '*') {
      nodes = nodes.flatMap((node) => (Array.isArray(node) ? node : isObject(node) ? Object.values(node) : []));
    } else if (index !== undefined) {
      nodes = nodes.flatMap((node) =>
        Array.isArray(node) && node[Number(index)] !== undefined ? [node[Number(index)]] : [],
      );
    } else if (filterField !== undefined) {
      const wanted = texts.find((one) => one !== undefined) ?? '';
      nodes = nodes.flatMap((node) =>
        Array.isArray(node) ? node.filter((item) => String(fieldAt(item, filterField)) === wanted) : [],
      );
    } else {
      const key = (quoted ?? field ?? '').replaceAll('\u0000', '.');
      nodes = nodes.flatMap((node) => (isObject(node) && Object.hasOwn(node, key) ? [node[key]] : []));
    }
  }
  return nodes;
}

function fieldAt(item: unknown, path: string): unknown {
  let node = item;
  for (const key of path.split('.')) {
    if (!isObject(node)) return undefined;
    node = node[key];
  }
  return node;
}
