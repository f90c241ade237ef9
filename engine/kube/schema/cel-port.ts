// The language CEL as the engine needs it: a port, so that the engine holds no interpreter.

/** What an expression reads: `self`, and `oldSelf` where a rule looks back. Whole numbers come as bigint. */
export type CelVariables = Readonly<Record<string, unknown>>;

/** What an expression may expect of a value. */
export type CelType =
  | { readonly kind: 'any' | 'bool' | 'bytes' | 'double' | 'duration' | 'int' | 'string' | 'timestamp' }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly of: CelType }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, CelType> }
  | { readonly kind: 'optional'; readonly of: CelType };

/** The formats of texts whose values are no texts to an expression. */
export type CelTextFormat = 'byte' | 'date' | 'date-time' | 'duration';

export interface CelHost {
  /** The expression's value; throws an Error whose first line says why there is none. */
  evaluate(expression: string, variables: CelVariables): unknown;
  /** Why an expression over variables of these types is none with such a result; null where it is one. */
  refuse(expression: string, types: ReadonlyMap<string, CelType>, result: 'bool' | 'string'): string | null;
  /** The value that a text of such a format stands for; the text itself where it stands for none. */
  read(text: string, format: CelTextFormat): unknown;
  /** A value that there may be. */
  optional(value: unknown): unknown;
}
