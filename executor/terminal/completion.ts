// Completion: the scripts that shells load, and the words they then ask this program for.
import type { Argv } from 'yargs';
import { CommandError } from './command.ts';

/** How a shell asks; the words typed so far follow, without the program's own name, the unfinished one last. */
export const COMPLETION_KEY = '--complete';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# For this shell: source <(muster completion bash)
_muster() {
  mapfile -t COMPREPLY < <(muster ${COMPLETION_KEY} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _muster muster
`,
  zsh: `#compdef muster
# For this shell: source <(muster completion zsh)
_muster() {
  local -a found
  found=("\${(@f)$(muster ${COMPLETION_KEY} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- $found; else _files; fi
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then _muster "$@"; else compdef _muster muster; fi
`,
  fish: `# For this shell: muster completion fish | source
complete -c muster -a '(muster ${COMPLETION_KEY} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

export function completionScript(shell: string | undefined): string {
  const script = shell === undefined ? undefined : SCRIPTS[shell];
  if (script !== undefined) return script;
  const known = Object.keys(SCRIPTS).join(', ');
  throw new CommandError(
    shell === undefined ? `for which shell? One of ${known}` : `no script for "${shell}": one of ${known}`,
  );
}

/** What yargs knows of the options that a command declares. */
export interface DeclaredOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly alias: Readonly<Record<string, readonly string[]>>;
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly hiddenOptions: readonly string[];
  /** The names of those that take a number. */
  readonly number: readonly string[];
}

export const declaredOptions = (parser: Argv): DeclaredOptions =>
  (parser as unknown as { getOptions(): DeclaredOptions }).getOptions();

/** What may continue the last word: values of the option before it, or options; for all else the shell offers files. */
export function completionsFor(typed: readonly string[], declared: DeclaredOptions): string[] {
  const unfinished = typed.at(-1) ?? '';
  const option = (typed.at(-2) ?? '').replace(/^--?/, '');
  const isOption = typed.at(-2)?.startsWith('-') === true;
  const names = [
    option,
    ...Object.entries(declared.alias).flatMap(([key, all]) => (all.includes(option) ? [key] : [])),
  ];
  const values = isOption ? names.flatMap((name) => declared.choices[name] ?? []) : [];
  const options = Object.keys(declared.key)
    .filter((key) => key.length > 1 && !declared.hiddenOptions.includes(key))
    .map((key) => `--${key}`);
  const offered = values.length > 0 ? values : unfinished.startsWith('-') ? options : [];
  return offered.filter((word) => word.startsWith(unfinished));
}
