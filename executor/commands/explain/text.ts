// An explanation as a person reads it: what was asked, where it goes or what would help, and why every other place not.
import {
  type AttemptStory,
  type Explanation,
  type PropagationPolicy,
  type Remedy,
  replicasIn,
  type TargetCluster,
  type WorkloadStory,
} from '../../../engine/index.ts';
import type { Palette } from '../../terminal/colour.ts';
import { targetsText } from '../../terminal/targets-text.ts';
import { candidateTable, idleTable, leftOutTable, placedTable } from './cluster-tables.ts';
import { divisionSections } from './division-text.ts';
import { rejectedTable, verdictTable } from './filter-tables.ts';
import { estimateTable, groupTables, scoreTable } from './step-tables.ts';
import { constraintsText, counted, replicasText, requestText, STRATEGY_WORDS, section } from './words.ts';

export interface Told {
  readonly explanation: Explanation;
  readonly policy: PropagationPolicy | null;
  readonly remedies: readonly Remedy[];
}

export function explanationText({ explanation, policy, remedies }: Told, paint: Palette, wide: boolean): string {
  const decisive = decisiveAttempt(explanation);
  const sections = [
    headText(explanation, policy, paint),
    outcomeText(explanation, decisive, paint, wide),
    explanation.outcome.ok ? '' : remedyText(remedies, paint),
    attemptsText(explanation, decisive, paint),
    ...(decisive === undefined ? [] : attemptSections(explanation, decisive, paint, wide)),
  ];
  if (wide) {
    for (const attempt of explanation.attempts.filter((other) => other !== decisive)) {
      const title = paint.bold(`Group ${attempt.affinity ?? ''}`);
      sections.push(`${title}: ${attempt.failure?.message ?? ''}\n`);
      sections.push(...attemptSections(explanation, attempt, paint, wide));
    }
  }
  return sections.filter((text) => text !== '').join('\n');
}

/** The one that placed the workload; where none did, the first, whose error stands. */
const decisiveAttempt = ({ outcome, attempts }: Explanation): AttemptStory | undefined =>
  outcome.ok ? attempts.at(-1) : attempts[0];

function headText({ workload, profile }: Explanation, policy: PropagationPolicy | null, paint: Palette): string {
  const { kind, namespace, name, divisible, previous } = workload;
  const rows: (readonly [string, string])[] = [
    ['wants', wishText(workload)],
    ['policy', policy === null ? 'none; the placement of its recorded binding' : policyText(policy)],
    [
      'placement',
      [divisible ? STRATEGY_WORDS[workload.strategy] : '', constraintsText(workload)].filter(Boolean).join(', '),
    ],
    ['runs', previous.length === 0 ? '' : firstTargetsText(previous)],
    ['again', workload.fresh ? 'a reschedule was triggered: everything is divided anew' : ''],
    ['profile', profile],
  ];
  const lines = rows
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `  ${paint.dim(title.padEnd(10))} ${text}`);
  return `${paint.bold(`${kind} ${namespace === null ? name : `${namespace}/${name}`}`)}\n${lines.join('\n')}\n`;
}

function wishText({ divisible, replicas, request, components }: WorkloadStory): string {
  if (divisible) return `${replicasText(replicas)}${requestText(request)}`;
  const parts = components.map(
    (component) => `${component.replicas} ${component.name}${requestText(component.request)}`,
  );
  return parts.length === 0 ? 'one copy, whole' : `one copy, whole: ${parts.join('; ')}`;
}

function policyText({ kind, metadata, spec }: PropagationPolicy): string {
  const name = metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  return `${kind ?? 'PropagationPolicy'} ${name}${spec.priority ? `, priority ${spec.priority}` : ''}`;
}

const SHOWN_MAX = 8;

function firstTargetsText(targets: readonly TargetCluster[]): string {
  const more = targets.length > SHOWN_MAX ? ` and ${targets.length - SHOWN_MAX} more` : '';
  return `${targetsText(targets.slice(0, SHOWN_MAX))}${more}`;
}

function outcomeText(
  explanation: Explanation,
  decisive: AttemptStory | undefined,
  paint: Palette,
  wide: boolean,
): string {
  const { outcome, workload } = explanation;
  if (!outcome.ok) {
    const { code, message, part } = outcome;
    const placed = replicasIn(part);
    const meanwhile = placed === 0 ? '' : `  ${placed} of them are placed meanwhile: ${firstTargetsText(part)}\n`;
    return `${paint.bold(paint.red(`Not placed${placed === 0 ? '' : ' whole'}: ${code}`))}\n  ${message}\n${meanwhile}`;
  }
  if (decisive === undefined) {
    return `${paint.bold('Left as it is')}\n  the placement has a list of affinity groups without a group\n`;
  }
  const where = `${outcome.clusters.length} of ${counted(decisive.clusters.length, 'cluster')}`;
  const what = workload.divisible
    ? workload.strategy === 'Duplicated'
      ? `${replicasText(workload.replicas)} on each of ${where}`
      : `${replicasText(workload.replicas)} on ${where}`
    : `on ${where}`;
  const group = outcome.affinity === null ? '' : `, by affinity group ${outcome.affinity}`;
  const title = paint.bold(paint.green(`Placed: ${what}${group}`));
  return section(title, placedTable(decisive, workload, paint, wide));
}

function remedyText(remedies: readonly Remedy[], paint: Palette): string {
  if (remedies.length === 0) {
    return `${paint.bold('What would help')}\n  nothing that was tried lets it fit\n`;
  }
  const width = Math.max(...remedies.flatMap(({ changes }) => changes.map(({ what }) => what.length)));
  const lines = remedies.flatMap(({ changes, clusters }, at) =>
    changes.map(({ what, on }, line) => {
      const number = line === 0 ? `${at + 1}.` : '';
      const result = line === 0 ? `${paint.dim('then')} ${firstTargetsText(clusters)}` : '';
      return `  ${number.padEnd(3)} ${what.padEnd(width)}   ${paint.dim(on.padEnd(9))}   ${result}`.trimEnd();
    }),
  );
  const many = remedies[0]!.changes.length > 1;
  const title = many
    ? 'What would help: no change alone does, these together do (each was tried)'
    : 'What would help: any one of these (each was tried)';
  return `${paint.bold(title)}\n${lines.join('\n')}\n`;
}

/** Only where there was more than one try. */
function attemptsText({ attempts }: Explanation, decisive: AttemptStory | undefined, paint: Palette): string {
  if (attempts.length < 2) return '';
  const lines = attempts.map(({ affinity, failure }) => {
    const verdict = failure === null ? paint.green('placed') : `${paint.red(failure.code)}: ${failure.message}`;
    return `  ${affinity}: ${verdict}`;
  });
  const note = decisive?.failure ? ' (the error of the first stands)' : '';
  return `${paint.bold(`Affinity groups in the order in which they were tried${note}`)}\n${lines.join('\n')}\n`;
}

function attemptSections(explanation: Explanation, attempt: AttemptStory, paint: Palette, wide: boolean): string[] {
  const { workload } = explanation;
  return [
    ...divisionSections(attempt, paint, wide),
    attempt.failure === null ? '' : section(paint.bold('Candidates'), candidateTable(attempt, paint, wide)),
    section(paint.bold('Selected, but without a replica'), idleTable(attempt, wide)),
    section(paint.bold('Left out by the selection'), leftOutTable(attempt, wide)),
    ...groupTables(attempt, workload, paint, wide),
    wide
      ? section(paint.bold('Verdicts of the filters'), verdictTable(attempt, paint))
      : section(paint.bold('Rejected by filters'), rejectedTable(attempt, paint)),
    wide
      ? section(`${paint.bold('Scores')}: rank is by tier, score, room with what runs, then name`, scoreTable(attempt))
      : '',
    wide ? section(paint.bold('Estimates'), estimateTable(attempt)) : '',
  ];
}
