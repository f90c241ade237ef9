// What is wrong with one field of an object: where, of which sort, the value found, and what would be right.
// Its text is the one that Kubernetes' clients know: "spec.replicas: Invalid value: -1: must be at least 0".

export type FieldErrorCode =
  | 'Required'
  | 'Invalid'
  | 'TypeInvalid'
  | 'NotSupported'
  | 'NotFound'
  | 'Duplicate'
  | 'Forbidden'
  | 'TooLong'
  | 'TooMany';

export interface FieldError {
  /** As a reader would find it: "spec.placement.spreadConstraints[0].minGroups"; empty for the object itself. */
  readonly path: string;
  readonly code: FieldErrorCode;
  /** What was found; left out where showing it would not help. */
  readonly value?: unknown;
  /** What would be right, or why this is not. */
  readonly detail: string;
}

export const invalidValue = (path: string, value: unknown, detail: string): FieldError => ({
  path,
  code: 'Invalid',
  value: value ?? null,
  detail,
});

/** As `invalidValue`, where the reason alone is told. */
export const brokenRule = (path: string, detail: string): FieldError => ({ path, code: 'Invalid', detail });

export const invalidType = (path: string, value: unknown, detail: string): FieldError => ({
  path,
  code: 'TypeInvalid',
  value: value ?? null,
  detail,
});

export const required = (path: string, detail = ''): FieldError => ({ path, code: 'Required', detail });

export const duplicate = (path: string, value: unknown, detail = ''): FieldError => ({
  path,
  code: 'Duplicate',
  value: value ?? null,
  detail,
});

export const unsupported = (path: string, value: unknown, allowed: readonly unknown[]): FieldError => ({
  path,
  code: 'NotSupported',
  value: value ?? null,
  detail: `supported values: ${allowed.map((one) => `"${one}"`).join(', ')}`,
});

export const forbiddenField = (path: string, detail: string): FieldError => ({ path, code: 'Forbidden', detail });

export const missingReference = (path: string, value: unknown): FieldError => ({
  path,
  code: 'NotFound',
  value: value ?? null,
  detail: '',
});

export const tooLong = (path: string, most: number): FieldError => ({
  path,
  code: 'TooLong',
  detail: `may not be more than ${most} bytes`,
});

export const tooMany = (path: string, count: number, most: number): FieldError => ({
  path,
  code: 'TooMany',
  value: count,
  detail: `must have at most ${most} items`,
});

const LABELS: Readonly<Record<FieldErrorCode, string>> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  TypeInvalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  NotFound: 'Not found',
  Duplicate: 'Duplicate value',
  Forbidden: 'Forbidden',
  TooLong: 'Too long',
  TooMany: 'Too many',
};

/** The sentence without the place; values in their own order, so that whoever wrote them recognises them. */
export const fieldErrorText = ({ code, value, detail }: FieldError): string =>
  [LABELS[code], ...(value === undefined ? [] : [JSON.stringify(value)]), ...(detail === '' ? [] : [detail])].join(
    ': ',
  );

export const formatFieldError = (error: FieldError): string =>
  error.path === '' ? fieldErrorText(error) : `${error.path}: ${fieldErrorText(error)}`;

/** The path of a field or of an item ("[3]") below another. */
export const joinPath = (path: string, step: string): string =>
  path === '' ? step : step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
