// Controllers that ask what a kind is: each is made anew whenever what customizations say of kinds has changed.
import type { ResourceInterpreterCustomization } from '../api/interpreter-customization.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { unsoundness } from '../api/soundness.ts';
import type { Controller, View, Watch } from '../control/controller.ts';
import type { Projection } from '../control/projection.ts';
import { customizedLayer } from '../propagate/interpret/customized/layer.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import type { ControlPorts } from './ports.ts';

interface Customizations {
  readonly byName: Map<string, ResourceInterpreterCustomization>;
  /** What is known anyway, with what they say. */
  interpreter: Interpreter;
}

export type Interpreting = Projection<Customizations>;

export const customizationsOf = ({ interpreter }: ControlPorts): Interpreting => ({
  name: 'customizations',
  follows: (collection) => collection === COLLECTIONS.customizations,
  begin: () => ({ byName: new Map(), interpreter }),
  change: (state, { type, object }) => {
    const { name } = object.metadata;
    if (type === 'DELETED' || unsoundness(object) !== null) state.byName.delete(name);
    else state.byName.set(name, object as unknown as ResourceInterpreterCustomization);
    state.interpreter =
      state.byName.size === 0 ? interpreter : interpreter.after(customizedLayer([...state.byName.values()]));
  },
});

const WATCH: Watch = { on: 'hub', collection: COLLECTIONS.customizations, isOptional: true };

/** A changed customization wakes nobody, as in Karmada: it counts when an object is looked at next. */
export function interpreting(
  make: (ports: ControlPorts) => Controller,
  ports: ControlPorts,
  customizations: Interpreting,
): Controller {
  const first = make(ports);
  let made = { interpreter: ports.interpreter, controller: first };
  const madeFor = (view: View): Controller => {
    const { interpreter } = view.derived(customizations);
    if (interpreter !== made.interpreter) made = { interpreter, controller: make({ ...ports, interpreter }) };
    return made.controller;
  };
  return {
    ...first,
    watches: [...first.watches, WATCH],
    projections: [...(first.projections ?? []), customizations as Projection<unknown>],
    reconcile: (key, view, now) => madeFor(view).reconcile(key, view, now),
  };
}
