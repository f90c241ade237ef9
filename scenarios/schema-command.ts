// "muster scenario-schema": prints the JSON Schema of scenario files.
import { writeText } from '../executor/files/write.ts';
import type { Command, ExitCode } from '../executor/terminal/command.ts';
import { scenarioSchema } from './format/json-schema.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs.epilogue('Editors take it from a first line "# yaml-language-server: $schema=scenario.schema.json".'),
  run: async (): Promise<ExitCode> => {
    await writeText(process.stdout, scenarioSchema());
    return 0;
  },
};
