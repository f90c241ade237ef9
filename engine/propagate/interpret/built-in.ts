// All that is known of kinds without being told by anybody, in the order in which Karmada asks; and with what users tell.
import type { ResourceInterpreterCustomization } from '../../api/interpreter-customization.ts';
import { customizedLayer } from './customized/layer.ts';
import { Interpreter, type InterpreterLayer } from './interpreter.ts';
import { nativeLayer } from './native/native.ts';
import { thirdPartyLayer } from './third-party/third-party.ts';

export const builtInLayers: readonly InterpreterLayer[] = [thirdPartyLayer, nativeLayer];

export function interpreterWith(customizations: readonly ResourceInterpreterCustomization[]): Interpreter {
  const known = new Interpreter(builtInLayers);
  return customizations.length === 0 ? known : known.after(customizedLayer(customizations));
}
