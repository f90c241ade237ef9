// Any fault that the simulation knows, as it knows it: for what no plainer line of a timeline says.
import { FAULTS, type Fault, isObject } from '../../engine/index.ts';
import { about, type Form } from '../format/form.ts';
import type { ActionKind } from './action.ts';
import { refuseUnknownPlaces } from './known-place.ts';
import { refuseUnknownProcess } from './known-process.ts';

const faultForm: Form = about(
  "a fault as the simulation itself has it: { fault: 'second-leader', name: scheduler, forMs: 5000 }",
  {
    schema: { type: 'object', properties: { fault: { enum: FAULTS } }, required: ['fault'] },
    shape: (value, path, problems) => {
      if (isObject(value) && (FAULTS as readonly unknown[]).includes(value.fault)) return;
      problems.push({ path, message: `should be an object whose "fault" is one of ${FAULTS.join(', ')}` });
    },
  },
);

const OF_A_PROCESS: ReadonlySet<Fault['fault']> = new Set(['restart', 'pause', 'disorder', 'second-leader', 'resync']);

const OF_WATCHES: ReadonlySet<Fault['fault']> = new Set([
  'watch-broken',
  'watch-held',
  'watch-missed',
  'watch-expired',
  'stale-list',
  'watch-drops',
  'watch-repeats',
  'watch-reorders',
]);

export const anyFault: ActionKind = {
  key: 'fault',
  strikes: true,
  value: faultForm,
  read: (entry, reader) => {
    const fault = entry.fault as unknown as Fault;
    if (OF_A_PROCESS.has(fault.fault)) {
      refuseUnknownProcess(reader, 'fault.name', (fault as { readonly name?: unknown }).name, '');
    }
    if (OF_WATCHES.has(fault.fault)) {
      const { by } = fault as { readonly by?: unknown };
      if (by !== null) refuseUnknownProcess(reader, 'fault.by', by, ', and null for all');
    }
    refuseUnknownPlaces(reader, entry.fault as Readonly<Record<string, unknown>>);
    return {
      perform: (stage) => {
        stage.injectAnywhere(fault, null);
        return `fault ${fault.fault}`;
      },
    };
  },
};
