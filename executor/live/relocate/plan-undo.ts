// Works out the way back to what bindings note was before a move or a copy.
import { canonicalJson } from '../../../engine/index.ts';
import { referenceTo } from '../api-objects.ts';
import { type Application, RelocationProblem } from './application.ts';
import { pastWaves } from './past-waves.ts';
import { byPolicy, clustersOf, type Move, type Moves, type PolicyEdit, type RelocationPorts } from './plan-moves.ts';
import { preflight } from './preflight.ts';
import { recordOf } from './record.ts';

export async function planUndo(app: Application, force: boolean, { hub, profile }: RelocationPorts): Promise<Moves> {
  const clusters = await clustersOf(hub);
  const moved = app.parts.flatMap((part) => {
    const record = recordOf(part.binding);
    return record === null ? [] : [{ part, record }];
  });
  if (moved.length === 0) throw new RelocationProblem('nothing of it was moved or copied, so there is nothing to undo');
  const edits: PolicyEdit[] = [];
  for (const parts of byPolicy(moved.map(({ part }) => part))) {
    const { policy, binding } = parts[0]!;
    const record = recordOf(binding)!;
    const now = { placement: policy.spec.placement ?? {}, propagateDeps: policy.spec.propagateDeps === true };
    const isAsLeft = canonicalJson(now.placement) === canonicalJson(record.placement);
    const isUntouched = canonicalJson(now.placement) === canonicalJson(record.before.placement);
    if (!isAsLeft && !isUntouched && !force) {
      throw new RelocationProblem(`policy ${policy.metadata.name} was changed since: --force overwrites that`);
    }
    const { placement, propagateDeps } = record.before;
    const reference = referenceTo(policy);
    const goesInTheEnd = JSON.stringify(record.made) === JSON.stringify(reference);
    edits.push({
      policy: reference,
      before: now,
      after: { placement, propagateDeps },
      making: null,
      parts,
      goesInTheEnd,
    });
  }
  const moves = moved.map(({ part, record }): Move => {
    const { spec } = part.binding;
    const before = {
      placement: spec.placement ?? {},
      propagateDeps: spec.propagateDeps === true,
      clusters: spec.clusters ?? [],
    };
    const stays = new Set(record.before.clusters.map(({ name }) => name));
    const leaves = before.clusters.map(({ name }) => name).filter((name) => !stays.has(name));
    const arrives = record.from === null ? [] : [record.from];
    return { part, before, goal: record.before, leaves, arrives, record: null };
  });
  const doubts = preflight(moves, clusters, profile);
  return { moves, edits, notes: [...(await pastWaves(moves, hub)), ...doubts] };
}
