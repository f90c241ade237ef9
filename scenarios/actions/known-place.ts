// The clusters and places that a raw fault of the timeline names: what nobody has would be struck in silence.
import { clusterOf, memberPlace, type Place } from '../../engine/index.ts';
import { suggest } from '../../executor/terminal/suggest.ts';
import type { EntryReader } from './action.ts';

const MEMBER = memberPlace('');

/** Absent fields are for whoever reads the fault; those of watches may be null, for all places. */
export function refuseUnknownPlaces(reader: EntryReader, fault: Readonly<Record<string, unknown>>): void {
  if (typeof fault.cluster === 'string') refuseUnknownCluster(reader, 'fault.cluster', fault.cluster);
  for (const field of ['place', 'from']) refuseUnknownPlace(reader, `fault.${field}`, fault[field]);
  if (!Array.isArray(fault.between)) return;
  for (const [at, place] of fault.between.entries()) refuseUnknownPlace(reader, `fault.between[${at}]`, place);
}

function refuseUnknownPlace(reader: EntryReader, field: string, place: unknown): void {
  if (typeof place !== 'string' || place === 'hub') return;
  if (place.startsWith(MEMBER)) refuseUnknownCluster(reader, field, clusterOf(place as Place)!);
  else reader.refuse(field, `is "${place}", and should be "hub" or "${MEMBER}NAME"`);
}

function refuseUnknownCluster(reader: EntryReader, field: string, name: string): void {
  if (reader.hasCluster(name)) return;
  const near = suggest(name, reader.clusters);
  reader.refuse(field, `there is no cluster "${name}"${near === null ? '' : `; did you mean "${near}"?`}`);
}
