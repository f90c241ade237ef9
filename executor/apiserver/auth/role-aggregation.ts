// Cluster roles that are made of others: their rules are those of all roles that their selectors find.
import {
  type Change,
  deepEqual,
  isObject,
  type KubeObject,
  matchesSelector,
  parseSelector,
} from '../../../engine/index.ts';
import { attempt, type Keeper, SYSTEM_USER } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { updateObject } from '../objects/write.ts';
import { items } from '../resources/cells.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROLES = `${GROUP}/clusterroles`;

type Selector = ReturnType<typeof parseSelector>;

const selectorsOf = (role: KubeObject): readonly Selector[] | null =>
  isObject(role.aggregationRule) ? items(role.aggregationRule.clusterRoleSelectors).map(parseSelector) : null;

export class AggregationKeeper implements Keeper {
  private readonly hub: Hub;
  private isDue = true;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  notice({ collection }: Change): void {
    if (collection === ROLES) this.isDue = true;
  }

  work(): boolean {
    if (!this.isDue) return false;
    this.isDue = false;
    const roles = this.hub.store.list(ROLES, null);
    let worked = false;
    for (const role of roles) {
      const selectors = selectorsOf(role);
      if (selectors !== null) worked = attempt(() => this.gather(role, selectors, roles)) || worked;
    }
    return worked;
  }

  private gather(role: KubeObject, selectors: readonly Selector[], roles: readonly KubeObject[]): boolean {
    const rules: unknown[] = [];
    for (const other of roles) {
      if (other.metadata.name === role.metadata.name) continue;
      if (!selectors.some((selector) => matchesSelector(selector, other.metadata.labels ?? {}))) continue;
      for (const rule of items(other.rules)) if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
    }
    if (deepEqual(items(role.rules), rules)) return false;
    const { hub } = this;
    const resource = hub.registry.find(GROUP, 'v1', 'clusterroles')!;
    const by = {
      name: 'clusterrole-aggregation-controller',
      operation: 'Update' as const,
      apiVersion: `${GROUP}/v1`,
      subresource: '',
    };
    updateObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, { ...role, rules }, role, '');
    return true;
  }
}
