// Which images clusters of kind have, from the words of a command line.
import type { Argv } from 'yargs';
import { type Arguments, CommandError } from '../terminal/command.ts';

export interface KindImages {
  /** Of their nodes; null for kind's own. */
  readonly node: string | null;
  /** Loaded into them from this machine. */
  readonly loaded: readonly string[];
}

export const withKindImages = <T>(yargs: Argv<T>) =>
  yargs
    .option('kind-image', { describe: "the node image of kind's clusters; kind's own if left out", type: 'string' })
    .option('load-image', {
      describe: "an image of this machine that kind's clusters are to have",
      type: 'string',
      array: true,
      nargs: 1,
    });

/** They are for clusters of kind alone. */
export function kindImagesIn(args: Arguments, hasKind: boolean, form: string): KindImages {
  const loaded = ((args['load-image'] ?? []) as readonly unknown[]).map(String);
  const node = typeof args['kind-image'] === 'string' ? args['kind-image'] : null;
  if ((node !== null || loaded.length > 0) && !hasKind) {
    throw new CommandError(`--kind-image and --load-image are for members of kind: ${form}`);
  }
  return { node, loaded };
}
