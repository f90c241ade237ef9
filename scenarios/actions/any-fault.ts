// Any fault that the simulation knows, as it knows it: for what no plainer line of a timeline says.
import { FAULTS, type Fault, isObject } from '../../engine/index.ts';
import { about, type Form } from '../format/form.ts';
import type { ActionKind } from './action.ts';

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

export const anyFault: ActionKind = {
  key: 'fault',
  strikes: true,
  value: faultForm,
  read: (entry) => {
    const fault = entry.fault as unknown as Fault;
    return {
      perform: (stage) => {
        stage.injectAnywhere(fault, null);
        return `fault ${fault.fault}`;
      },
    };
  },
};
