// Which container of a pod is meant: the one that is named, or the one that kubectl would take.
import type { KubeObject } from '../../../engine/index.ts';
import { namesIn } from '../../apiserver/handlers/container-run.ts';

const DEFAULT = 'kubectl.kubernetes.io/default-container';

export interface ChosenContainer {
  /** Empty where the pod tells of none. */
  readonly name: string;
  /** What is to be said of the choice; null where there was none. */
  readonly note: string | null;
}

export function defaultContainer(pod: KubeObject): ChosenContainer {
  const own = namesIn(pod, 'containers');
  const marked = pod.metadata.annotations?.[DEFAULT];
  if (marked !== undefined && own.includes(marked)) return { name: marked, note: null };
  const [name = ''] = own;
  const initial = namesIn(pod, 'initContainers').map((one) => `${one} (init)`);
  const all = [...own, ...initial];
  return { name, note: all.length > 1 ? `Defaulted container "${name}" out of: ${all.join(', ')}` : null };
}
