// CEL behind the engine's port: the expressions that schemas carry as rules.
import { Environment } from '@marcbachmann/cel-js';
import type { CelHost } from '../../engine/index.ts';

const ENVIRONMENT = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

export const celHost: CelHost = {
  evaluate: (expression, variables) => ENVIRONMENT.evaluate(expression, { ...variables }),
};
