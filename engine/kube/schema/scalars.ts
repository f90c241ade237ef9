// What a schema may demand of one number or one text.
import { invalidType, invalidValue, tooLong } from '../field-error.ts';
import { INT32_MAX } from '../scalar-shapes.ts';
import type { Findings, Place } from './findings.ts';
import { fitsFormat } from './formats.ts';
import type { StructuralSchema } from './structural-schema.ts';

export function checkNumber(value: number, schema: StructuralSchema, place: Place, findings: Findings): void {
  const { minimum, maximum, multipleOf } = schema;
  const say = (why: string) => findings.add(invalidValue(place.field, value, `${place.body} in body should be ${why}`));
  if (schema.format === 'int32' && (value > INT32_MAX || value < -INT32_MAX - 1)) {
    const detail = `Checked value must be of type integer with format int32 in ${place.body}`;
    findings.add(invalidValue('<nil>', '', detail));
  }
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum === true && value >= maximum) say(`less than ${maximum}`);
    else if (value > maximum) say(`less than or equal to ${maximum}`);
  }
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum === true && value <= minimum) say(`greater than ${minimum}`);
    else if (value < minimum) say(`greater than or equal to ${minimum}`);
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) say(`a multiple of ${multipleOf}`);
}

/** Whole numbers exactly, fractions as far as their quotient tells. */
const isMultiple = (value: number, factor: number): boolean =>
  Number.isInteger(value) && Number.isInteger(factor) ? value % factor === 0 : Number.isInteger(value / factor);

export function checkText(value: string, schema: StructuralSchema, place: Place, findings: Findings): void {
  const { maxLength, minLength, pattern, format } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : Array.from(value).length;
  const isTooLong = maxLength !== undefined && length > maxLength;
  if (isTooLong) findings.add(tooLong(place.field, maxLength));
  if (minLength !== undefined && length < minLength) {
    findings.add(invalidValue(place.field, value, `${place.body} in body should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !isTooLong) checkPattern(value, pattern, schema.example, place, findings);
  if (format !== undefined && !fitsFormat(value, format)) {
    const detail = `${place.body} in body must be of type ${format}: ${JSON.stringify(value)}`;
    findings.add(invalidType(place.field, value, detail));
  }
}

function checkPattern(value: string, source: string, example: unknown, place: Place, findings: Findings): void {
  const most = findings.limits.patternTextMax;
  if (value.length > most) {
    findings.add(tooLong(place.field, most));
  } else if (findings.patterns.find(source)?.isIn(value) === false) {
    const right = example === undefined ? '' : ` (e.g. '${String(example)}')`;
    findings.add(invalidValue(place.field, value, `${place.body} in body should match '${source}'${right}`));
  }
}
