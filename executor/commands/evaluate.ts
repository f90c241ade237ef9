// muster evaluate: answers cases of matching, overriding and interpreting, one JSON line out for each line in.
import type { Readable, Writable } from 'node:stream';
import { builtInLayers, evaluate, Interpreter, MalformedQuestion, PropagationError } from '../../engine/index.ts';
import { type JsonLine, readJsonLines } from '../files/json-lines.ts';
import { writeText } from '../files/write.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import type { Command, ExitCode } from '../terminal/command.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('file', {
        alias: 'f',
        describe: 'JSON lines to answer; "-" is standard input',
        type: 'string',
        array: true,
        default: ['-'],
      })
      .epilogue(
        [
          'Each line is a case: id, op (match, override, prune, replicas, components, revise,',
          'retain, reflect, aggregate, health, dependencies), object, and what else the op',
          'needs. Each answer carries the id, and the fields of the answer or "error", in the',
          'order of the cases. A line that cannot be read stops nothing, but the exit code is 1.',
          'Of "customizations", ResourceInterpreterCustomizations, what they say of the kind counts.',
          'New conditions carry the time in the field "now" of the case (default: 1970).',
        ].join('\n'),
      ),
  run: (args) => answerAll(args.file as readonly string[], process.stdout),
};

export async function answerAll(files: readonly string[], sink: Writable, stdin?: Readable): Promise<ExitCode> {
  const answer = answerer();
  let exitCode: ExitCode = 0;
  for await (const batch of readJsonLines(files, stdin)) {
    let text = '';
    for (const line of batch) {
      const { output, malformed } = answer(line);
      if (malformed) exitCode = 1;
      text += `${JSON.stringify(output)}\n`;
    }
    await writeText(sink, text);
  }
  return exitCode;
}

interface Answered {
  readonly output: Readonly<Record<string, unknown>>;
  readonly malformed: boolean;
}

function answerer(): (line: JsonLine) => Answered {
  const ports = { interpreter: new Interpreter(builtInLayers), yaml: yamlCodec };
  return (line) => {
    const malformed = (id: unknown, problem: string): Answered => ({
      output: { id, error: `line ${line.line} of ${line.source} ${problem}` },
      malformed: true,
    });
    if (!line.ok) return malformed(null, line.problem);
    const id = idOf(line.value);
    try {
      return { output: { id, ...evaluate(line.value, ports) }, malformed: false };
    } catch (error) {
      // Refusing is an answer, the one that Karmada gives too.
      if (error instanceof PropagationError) return { output: { id, error: error.message }, malformed: false };
      if (error instanceof MalformedQuestion) return malformed(id, `is not a case: ${error.message}`);
      // Whatever else a line of the wrong shape runs into must not cost the lines after it their answers.
      return malformed(id, `cannot be evaluated: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function idOf(question: unknown): unknown {
  const id = typeof question === 'object' && question !== null && 'id' in question ? question.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
