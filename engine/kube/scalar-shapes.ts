// Shapes of the values that Kubernetes' types are made of.
import { scalar, wholeNumber } from '../base/shape.ts';
import { parseQuantity } from './quantity.ts';
import { parseTime } from './time.ts';

export const INT32_MAX = 2_147_483_647;

export const int32Shape = wholeNumber(-INT32_MAX - 1, INT32_MAX);
export const int64Shape = wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
export const countShape = wholeNumber(0, INT32_MAX);

export const quantityShape = scalar(
  'a quantity such as 500m, 2 or 4Gi',
  (value) => (typeof value === 'string' || typeof value === 'number') && parseQuantity(value) !== null,
);

/** An empty one counts as none. */
export const timeShape = scalar(
  'a time such as 2026-01-31T12:00:00Z',
  (value) => typeof value === 'string' && (value === '' || parseTime(value) !== null),
);
