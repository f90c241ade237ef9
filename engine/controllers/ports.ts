// What the controllers are made with: how the control plane is to behave, and the languages that the engine itself does not speak.
import type { TimeZones } from '../kube/time-zone.ts';
import type { Profile } from '../profile/profile.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import type { YamlCodec } from '../propagate/override/field.ts';
import type { ScorePlugin } from '../schedule/plugin.ts';

export interface ControlPorts {
  readonly profile: Profile;
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
  /** The profile's score expressions, compiled. */
  readonly scores: readonly ScorePlugin[];
  readonly zones: TimeZones;
}
