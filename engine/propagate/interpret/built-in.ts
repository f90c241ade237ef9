// All that is known of kinds without being told by anybody, in the order in which Karmada asks.
import type { InterpreterLayer } from './interpreter.ts';
import { nativeLayer } from './native/native.ts';
import { thirdPartyLayer } from './third-party/third-party.ts';

export const builtInLayers: readonly InterpreterLayer[] = [thirdPartyLayer, nativeLayer];
