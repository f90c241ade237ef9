// The language of rules: CEL with all that Kubernetes adds to it.
import { Environment } from '@marcbachmann/cel-js';
import { addImages } from './images.ts';
import { addLists } from './lists.ts';
import { addLoopsOfTwo } from './loops-of-two.ts';
import { addNamedFormats } from './named-formats.ts';
import { addNetwork } from './network.ts';
import { addOptionals } from './optionals.ts';
import { addPatterns } from './patterns.ts';
import { addQuantities } from './quantities.ts';
import { addTexts } from './texts.ts';
import { addVersions } from './versions.ts';

const LIBRARIES = [
  addLists,
  addLoopsOfTwo,
  addOptionals,
  addPatterns,
  addTexts,
  addNamedFormats,
  addQuantities,
  addVersions,
  addNetwork,
  addImages,
];

export const celEnvironment = (): Environment =>
  LIBRARIES.reduce(
    (environment, add) => add(environment),
    new Environment({
      unlistedVariablesAreDyn: true,
      enableOptionalTypes: true,
      homogeneousAggregateLiterals: false,
    }),
  );
