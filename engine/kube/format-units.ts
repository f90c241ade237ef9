// Amounts of a resource in words for people: CPU counted in thousandths, memory in binary steps, the rest in plain numbers.
import { type Quantity, quantityMilli, quantityValue } from './quantity.ts';
import { countsInMilli } from './quantity-units.ts';

/** The units in which room for a resource is counted, rounded up. */
export const unitsOf = (resource: string, quantity: Quantity): bigint =>
  countsInMilli(resource) ? quantityMilli(quantity) : quantityValue(quantity);

const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** "3500m", "4" for CPU; "1536Mi", "15.3Gi" for bytes; rounded down to a tenth where it is not whole. */
export function formatUnits(resource: string, units: bigint): string {
  if (countsInMilli(resource)) return units % 1000n === 0n ? String(units / 1000n) : `${units}m`;
  return countsBytes(resource) ? formatBytes(units) : String(units);
}

const countsBytes = (resource: string): boolean =>
  resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-');

function formatBytes(bytes: bigint): string {
  const magnitude = bytes < 0n ? -bytes : bytes;
  let step = 0;
  while (step < BINARY_SUFFIXES.length - 1 && magnitude >= 1n << BigInt(10 * (step + 1))) step += 1;
  const unit = 1n << BigInt(10 * step);
  // A whole number in the next smaller step says more than a rounded one ("1536Mi").
  if (step > 0 && magnitude % unit !== 0n && magnitude % (unit >> 10n) === 0n && magnitude / (unit >> 10n) < 10_000n) {
    return `${bytes / (unit >> 10n)}${BINARY_SUFFIXES[step - 1]}`;
  }
  const tenths = (magnitude * 10n) / unit;
  const sign = bytes < 0n ? '-' : '';
  const fraction = tenths % 10n === 0n ? '' : `.${tenths % 10n}`;
  return `${sign}${tenths / 10n}${fraction}${BINARY_SUFFIXES[step]}`;
}
