// What a shadow has found, together: how many bindings it would decide otherwise, for which reasons, and which clusters would get
// more or less. Of each binding its last finding counts.
import type { ShadowFinding, TargetCluster } from '../../../engine/index.ts';
import { renderTable } from '../../terminal/table.ts';

export interface ClusterBalance {
  readonly cluster: string;
  /** Bindings that it would get, and that would leave it. */
  readonly gains: number;
  readonly loses: number;
  /** Bindings that stay with more or fewer replicas. */
  readonly grows: number;
  readonly shrinks: number;
  /** Replicas more than now; negative for fewer. */
  readonly replicas: number;
}

export interface ShadowSummary {
  readonly compared: number;
  readonly same: number;
  readonly different: number;
  readonly reasons: readonly { readonly reason: string; readonly bindings: number }[];
  readonly clusters: readonly ClusterBalance[];
  readonly differences: readonly ShadowFinding[];
}

type Balance = { -readonly [K in keyof Omit<ClusterBalance, 'cluster'>]: number };

export class ShadowTally {
  readonly #last = new Map<string, ShadowFinding>();

  add(finding: ShadowFinding): void {
    this.#last.set(`${finding.kind} ${finding.binding}`, finding);
  }

  summary(): ShadowSummary {
    const all = [...this.#last.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
    const differences = all.filter(({ agrees }) => !agrees);
    return {
      compared: all.length,
      same: all.length - differences.length,
      different: differences.length,
      reasons: counted(differences.map(reasonOf)),
      clusters: balanceOf(differences),
      differences,
    };
  }
}

function reasonOf({ stands, would, why }: ShadowFinding): string {
  if (would === null) return `it would find no place: ${why ?? 'unknown'}`;
  if (stands.length === 0) return 'it would find a place, and nobody has';
  const names = (clusters: readonly TargetCluster[]) => clusters.map(({ name }) => name).join(' ');
  return names(stands) === names(would) ? 'the same clusters, other replicas' : 'other clusters';
}

/** The most frequent first. */
function counted(reasons: readonly string[]): ShadowSummary['reasons'] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, bindings]) => ({ reason, bindings }))
    .sort((a, b) => b.bindings - a.bindings || (a.reason < b.reason ? -1 : 1));
}

function balanceOf(differences: readonly ShadowFinding[]): readonly ClusterBalance[] {
  const balances = new Map<string, Balance>();
  for (const { stands, would } of differences) {
    const [before, after] = [replicasBy(stands), replicasBy(would ?? [])];
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const balance = balances.get(name) ?? { gains: 0, loses: 0, grows: 0, shrinks: 0, replicas: 0 };
      balances.set(name, balance);
      const [was, is] = [before.get(name), after.get(name)];
      const more = (is ?? 0) - (was ?? 0);
      balance.replicas += more;
      if (was === undefined) balance.gains += 1;
      else if (is === undefined) balance.loses += 1;
      else if (more > 0) balance.grows += 1;
      else if (more < 0) balance.shrinks += 1;
    }
  }
  return [...balances]
    .filter(([, { gains, loses, grows, shrinks }]) => gains + loses + grows + shrinks > 0)
    .map(([cluster, balance]) => ({ cluster, ...balance }))
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

const replicasBy = (clusters: readonly TargetCluster[]): ReadonlyMap<string, number> =>
  new Map(clusters.map(({ name, replicas = 0 }) => [name, replicas]));

/** For people. */
export function summaryText({ compared, same, different, reasons, clusters }: ShadowSummary): string {
  const parts = [
    renderTable(
      ['COMPARED', 'SAME', 'DIFFERENT'].map((title) => ({ title, align: 'right' })),
      [[compared, same, different].map(String)],
    ),
  ];
  if (reasons.length > 0) {
    parts.push(
      renderTable(
        [{ title: 'BINDINGS', align: 'right' }, { title: 'BECAUSE' }],
        reasons.map(({ bindings, reason }) => [String(bindings), reason]),
      ),
    );
  }
  if (clusters.length > 0) {
    parts.push(
      renderTable(
        [
          { title: 'CLUSTER' },
          ...['GETS', 'LOSES', 'GROWS', 'SHRINKS', 'REPLICAS'].map((title) => ({ title, align: 'right' as const })),
        ],
        clusters.map(({ cluster, gains, loses, grows, shrinks, replicas }) => [
          cluster,
          ...[gains, loses, grows, shrinks].map(String),
          replicas > 0 ? `+${replicas}` : String(replicas),
        ]),
      ),
    );
  }
  return parts.join('\n');
}
