// Reads the options of writes and deletions from the query and the body, and refuses what they may not be.
import {
  badRequest,
  type FieldError,
  forbiddenField,
  invalid,
  invalidValue,
  isObject,
  required,
  tooLong,
  unsupported,
} from '../../engine/index.ts';
import { readJsonBody } from './json-body.ts';
import type { ApiRequest } from './request.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean;
}

const MANAGER_MAX = 128;
const META = 'meta.k8s.io';

export function readWriteOptions(
  request: ApiRequest,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  isApply = false,
): WriteOptions {
  const { query } = request;
  const problems: FieldError[] = [];
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  if (kind === 'PatchOptions') {
    if (isApply && manager === '') problems.push(required('fieldManager', 'is required for apply patch'));
    if (!isApply && query.has('force'))
      problems.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  }
  if (new TextEncoder().encode(manager).length > MANAGER_MAX) problems.push(tooLong('fieldManager', MANAGER_MAX));
  problems.push(...dryRunProblems(dryRun));
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    problems.push(unsupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (problems.length > 0) throw invalid({ group: META, kind }, '', problems);
  const force = query.get('force');
  return {
    dryRun: dryRun.length > 0,
    fieldManager: manager === '' ? managerFromAgent(request.headers['user-agent']) : manager,
    fieldValidation: validation === '' ? 'Warn' : (validation as FieldValidation),
    force: force !== null && force !== 'false' && force !== '0',
  };
}

const dryRunProblems = (values: readonly string[]): FieldError[] =>
  values.some((value) => value !== 'All') ? [unsupported('dryRun', values, ['All'])] : [];

/** "kubectl/v1.36 (linux)" writes as "kubectl". */
function managerFromAgent(agent: string | undefined): string {
  const name = (agent ?? '').split('/')[0]!.slice(0, MANAGER_MAX);
  return name === '' ? 'unknown' : name;
}

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly propagation: 'Foreground' | 'Background' | 'Orphan' | null;
  readonly uid: string | null;
  readonly resourceVersion: string | null;
  readonly gracePeriodSeconds: number | null;
}

export function readDeleteOptions(request: ApiRequest, decodeBody: (request: ApiRequest) => string): DeleteOptions {
  const { query } = request;
  let given: Record<string, unknown> = {};
  if (request.body.length > 0) {
    const read = readJsonBody(decodeBody(request));
    if (!read.ok) throw badRequest(`couldn't get version/kind; json parse error: ${read.why}`);
    given = isObject(read.value) ? read.value : {};
  } else {
    const grace = query.get('gracePeriodSeconds');
    if (grace !== null && !/^-?\d+$/.test(grace)) {
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
    }
    given = {
      ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') } : {}),
      ...(query.has('orphanDependents') ? { orphanDependents: query.get('orphanDependents') === 'true' } : {}),
      ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
      ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
    };
  }
  return checked(given);
}

function checked(given: Record<string, unknown>): DeleteOptions {
  const problems: FieldError[] = [];
  const policy = given.propagationPolicy ?? null;
  const orphan = given.orphanDependents ?? null;
  const dryRun = Array.isArray(given.dryRun) ? given.dryRun.map(String) : [];
  if (policy !== null && orphan !== null) {
    problems.push(
      invalidValue('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'),
    );
  }
  if (policy !== null && !['Foreground', 'Background', 'Orphan'].includes(String(policy))) {
    problems.push(unsupported('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  problems.push(...dryRunProblems(dryRun));
  if (problems.length > 0) throw invalid({ group: META, kind: 'DeleteOptions' }, '', problems);
  const preconditions = isObject(given.preconditions) ? given.preconditions : {};
  const grace = typeof given.gracePeriodSeconds === 'number' ? given.gracePeriodSeconds : null;
  return {
    dryRun: dryRun.length > 0,
    propagation:
      policy !== null
        ? (policy as DeleteOptions['propagation'])
        : orphan === null
          ? null
          : orphan === true
            ? 'Orphan'
            : 'Background',
    uid: typeof preconditions.uid === 'string' ? preconditions.uid : null,
    resourceVersion: typeof preconditions.resourceVersion === 'string' ? preconditions.resourceVersion : null,
    // A negative grace period means the shortest one.
    gracePeriodSeconds: grace !== null && grace < 0 ? 1 : grace,
  };
}
