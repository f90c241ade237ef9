// What of a scenario's document has its form; the rest is told and left out, so that what remains is checked, too.
import { isObject, ProblemTally, type ShapeProblems } from '../../engine/index.ts';
import { type FileProblem, FileProblems, withUntold } from '../../executor/files/file-problem.ts';
import { problemAt, type SourceDocument } from '../../executor/files/yaml.ts';
import { scenarioForm } from '../format/document.ts';
import { fillParams, type Params } from '../format/params.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Checked {
  readonly metadata: Fields;
  /** Without fields that are wrong; null stands for items of lists that are. */
  readonly spec: Fields;
  /** What lines of the timeline apply, by path; those of lines that are wrong elsewhere, too. */
  readonly applied: ReadonlyMap<string, unknown>;
  readonly problems: FileProblem[];
  /** Whether what is left tells of all clusters. */
  readonly isFleetWhole: boolean;
}

const KEPT_MAX = 1_000;

/** Throws where too little is right to go on with. */
export async function checked(document: SourceDocument, params: Params): Promise<Checked> {
  const tally = new ProblemTally(KEPT_MAX);
  const filled = await fillParams(document.value, params, '', tally);
  scenarioForm.shape(filled, '', besides(tally));
  const wrong = tally.kept.map(({ path }) => path);
  const problems = tally.kept.map(({ path, message }) => problemAt(document, path, message));
  const untold = tally.length - tally.kept.length;
  if (untold > 0 || !isObject(filled) || !isObject(filled.spec)) {
    throw new FileProblems(withUntold(inOrder(problems), untold));
  }
  const applied = appliedBy(filled.spec.timeline, wrong);
  const spec = rightOf(filled.spec, wrong);
  const joins = (at: number) => Object.hasOwn((filled.spec as { timeline: Fields[] }).timeline[at] ?? {}, 'add');
  const isFleetWhole = wrong.every((path) => {
    const line = /^spec\.timeline\[(\d+)\]/.exec(path);
    return line === null ? !/^spec\.(fleet|timeline$)/.test(path) : !joins(Number(line[1]));
  });
  return { metadata: isObject(filled.metadata) ? filled.metadata : {}, spec, applied, problems, isFleetWhole };
}

/** The file's own first, each file's by line. */
export function inOrder(problems: readonly FileProblem[]): readonly FileProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  const ranks = new Map(files.map((file, at) => [file, at]));
  return [...problems].sort(
    (a, b) => ranks.get(a.file)! - ranks.get(b.file)! || a.line - b.line || a.column - b.column,
  );
}

/** What could not be filled in has been told of; that nothing is no right value says no more. */
function besides(tally: ProblemTally): ShapeProblems {
  const told = new Set(tally.kept.map(({ path }) => path));
  return {
    get length() {
      return tally.length;
    },
    push: (problem) => {
      if (!told.has(problem.path)) tally.push(problem);
    },
  };
}

function appliedBy(timeline: unknown, wrong: readonly string[]): Checked['applied'] {
  const applied = new Map<string, unknown>();
  for (const [at, entry] of Array.isArray(timeline) ? timeline.entries() : []) {
    for (const field of ['apply', 'arrive']) {
      const path = `spec.timeline[${at}].${field}`;
      if (isObject(entry) && !wrong.some((one) => one.startsWith(path))) applied.set(path, entry[field]);
    }
  }
  return applied;
}

const ITEM = /^spec\.(timeline|expect|objects)\[(\d+)\]/;
const FIELD = /^spec\.(fleet\.)?([\w-]+)/;

function rightOf(spec: Fields, wrong: readonly string[]): Fields {
  const fleet: Record<string, unknown> = isObject(spec.fleet) ? { ...spec.fleet } : {};
  const right: Record<string, unknown> = { ...spec };
  for (const path of wrong) {
    const item = ITEM.exec(path);
    if (item !== null) {
      const [, list, at] = item as unknown as [string, string, string];
      const items = right[list];
      if (Array.isArray(items)) right[list] = items.with(Number(at), null);
      continue;
    }
    const [, inFleet, field] = FIELD.exec(path) ?? [];
    if (field !== undefined) delete (inFleet === undefined ? right : fleet)[field];
  }
  return { ...right, fleet };
}
