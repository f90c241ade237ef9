// All controllers of the control plane, in the order in which equals are worked on.
import type { Controller } from '../control/controller.ts';
import type { ControlPorts } from './ports.ts';

/** Those that run beside the hub. */
export const controllersOf = (_ports: ControlPorts): readonly Controller[] => [];
