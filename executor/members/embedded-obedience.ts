// Does in an embedded member what whoever started it wants to happen there.
import type { BehaviorRule, Member } from '../../engine/index.ts';
import type { EmbeddedOrder } from './embedded-words.ts';

export interface Obedient {
  readonly member: Member;
  /** By which its pods behave from the beginning. */
  readonly rules: readonly BehaviorRule[];
}

export function obey(order: EmbeddedOrder, { member, rules }: Obedient): void {
  switch (order.order) {
    case 'power':
      if (order.isOn) member.powerOn();
      else member.powerOff();
      return;
    case 'node':
      if (order.isReady) member.reviveNode(order.name);
      else member.silenceNode(order.name);
      return;
    case 'resize':
      member.resize(order.before, order.after);
      return;
    case 'behave':
      member.setBehaviors([...order.rules, ...rules]);
  }
}
