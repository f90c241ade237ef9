// What the words of a command line ask for, as kubectl reads them: "deploy", "deploy web shop", "deploy,svc", "deploy/web svc/web".
import { CommandError } from '../../terminal/command.ts';

export interface AskedFor {
  readonly kind: string;
  /** Null for all of the kind. */
  readonly name: string | null;
}

export function readWords([first = '', ...others]: readonly string[]): readonly AskedFor[] {
  const words = [first, ...others];
  if (!words.some((word) => word.includes('/'))) {
    const kinds = first.split(',').filter((kind) => kind !== '');
    if (kinds.length === 0) throw new CommandError('which kind? As in deploy, deploy,svc or deploy/web');
    return kinds.flatMap((kind) => (others.length === 0 ? [null] : others).map((name) => ({ kind, name })));
  }
  const plain = words.find((word) => !word.includes('/'));
  if (plain !== undefined) {
    throw new CommandError(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form: ` +
        `"${plain}" is none, in "${words.join(' ')}"`,
    );
  }
  return words.map((word) => {
    const [kind = '', name = '', ...more] = word.split('/');
    if (kind === '' || name === '' || more.length > 0 || kind.includes(',')) {
      throw new CommandError(`"${word}" must have a single kind and name, as in deploy/web`);
    }
    return { kind, name };
  });
}
