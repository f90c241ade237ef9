// What a rule of a CronFederatedHPA wants written, now that it is due.
import { AUTOSCALING_API_VERSION, FEDERATED_HPA, type FederatedHPA } from '../../api/autoscaling.ts';
import type { CronFederatedHPA, CronRule } from '../../api/cron-autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { merged } from '../../base/merged.ts';
import type { PatchCommand } from '../../control/command.ts';
import type { Reader } from '../../control/controller.ts';
import { keyOf } from '../../store/key.ts';
import { patch } from '../writes.ts';
import { templateScale, withReplicas } from './template-scale.ts';

export type Act =
  | { readonly is: 'write'; readonly command: PatchCommand }
  /** It is so already. */
  | { readonly is: 'done' }
  | { readonly is: 'impossible'; readonly message: string };

const DONE: Act = { is: 'done' };
const impossible = (message: string): Act => ({ is: 'impossible', message });

export function actOf({ metadata, spec }: CronFederatedHPA, rule: CronRule, hub: Reader): Act {
  const { scaleTargetRef: target } = spec;
  const namespace = metadata.namespace ?? '';
  if (target.apiVersion !== AUTOSCALING_API_VERSION) {
    const scale = templateScale(target, namespace, hub);
    if ('is' in scale) return impossible(scale.message);
    const { targetReplicas } = rule;
    if (targetReplicas === undefined) return impossible('the rule names no targetReplicas');
    if (scale.replicas === targetReplicas) return DONE;
    const { collection, template, path } = scale;
    const command = patch(keyOf(collection, template), template, withReplicas(path, targetReplicas));
    return { is: 'write', command };
  }
  if (target.kind !== FEDERATED_HPA) return impossible(`there is no way to scale ${target.kind}`);
  const found = hub.get(COLLECTIONS.federatedHpas, namespace, target.name);
  if (found === null) return impossible(`there is no FederatedHPA ${namespace}/${target.name}`);
  const { minReplicas, maxReplicas } = (found as unknown as FederatedHPA).spec;
  const { targetMinReplicas: least, targetMaxReplicas: most } = rule;
  const change = merged(
    least !== undefined && least !== minReplicas && { minReplicas: least },
    most !== undefined && most !== maxReplicas && { maxReplicas: most },
  );
  if (Object.keys(change).length === 0) return DONE;
  return { is: 'write', command: patch(keyOf(COLLECTIONS.federatedHpas, found), found, { spec: change }) };
}
