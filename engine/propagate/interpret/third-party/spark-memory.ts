// How much memory a pod of Spark takes: what its process is given, and what is added for everything around it.
import type { KubeObject } from '../../../kube/meta.ts';
import { parseQuantity, type Quantity } from '../../../kube/quantity.ts';
import { PropagationError } from '../../errors.ts';
import { textAt, valueAt } from '../../fields.ts';
import { quantityAt } from './counts.ts';

const NANO = 1_000_000_000n;
const LEAST_OVERHEAD = 384n * 1024n * 1024n * NANO;
const UNITS: Readonly<Record<string, string>> = { '': '', k: 'Ki', m: 'Mi', g: 'Gi', t: 'Ti', p: 'Pi' };

export function sparkMemory(object: KubeObject, role: 'driver' | 'executor'): Quantity {
  const memory = amountAt(object, role, 'memory') ?? nanoOf('1Gi');
  const overhead = amountAt(object, role, 'memoryOverhead') ?? overheadOf(memory, overheadFactor(object));
  return { nano: memory + overhead, format: 'BinarySI' };
}

/** The factor is in billionths, as quantities are. */
function overheadOf(memory: bigint, factor: bigint): bigint {
  const share = (memory * factor) / NANO;
  return share > LEAST_OVERHEAD ? share : LEAST_OVERHEAD;
}

/** Programs outside of the Java machine need more. */
function overheadFactor(object: KubeObject): bigint {
  const given = quantityAt(object, 'spec', 'memoryOverheadFactor');
  if (given !== undefined) return given.nano;
  const type = textAt(object, 'spec', 'type');
  if (type === undefined) throw new PropagationError('spec.type is missing: it must be Java, Scala, Python or R');
  return ['java', 'scala'].includes(type.toLowerCase()) ? NANO / 10n : (NANO * 4n) / 10n;
}

/** Java's way of writing amounts: 512m, 1g, 2GB. */
function amountAt(object: KubeObject, role: string, field: string): bigint | undefined {
  const value = valueAt(object, 'spec', role, field);
  if (value === undefined || value === '') return undefined;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(?:([kmgtp])b?|b)$/i.exec(value) : null;
  if (match === null) {
    const place = `spec.${role}.${field}`;
    throw new PropagationError(`${place} must be an amount of memory such as 512m or 1g, not ${JSON.stringify(value)}`);
  }
  return nanoOf(`${match[1]}${UNITS[(match[2] ?? '').toLowerCase()]}`);
}

function nanoOf(text: string): bigint {
  const quantity = parseQuantity(text);
  if (quantity === null) throw new PropagationError(`"${text}" is not an amount of memory`);
  return quantity.nano;
}
