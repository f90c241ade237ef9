// muster down: ends what `muster up` started, and waits until it has ended.
import { processTable } from '../storage/disk/process-identity.ts';
import { type Command, CommandError } from '../terminal/command.ts';
import { DEFAULT_FOLDER, runningIn, tidyIn } from './up/state.ts';

const WAIT_MS = 30_000;
const LOOK_MS = 100;

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('dir', { describe: 'the folder that up was given', type: 'string', default: DEFAULT_FOLDER })
      .epilogue('Its contexts go from the kubeconfig that up wrote them to; what else is in that stays.'),
  run: async ({ dir }) => {
    const folder = String(dir);
    const running = await runningIn(folder);
    if (running === null) {
      await tidyIn(folder);
      process.stderr.write(`nothing is up in ${folder}\n`);
      return 0;
    }
    process.kill(running.process.pid, 'SIGTERM');
    const deadline = performance.now() + WAIT_MS;
    const { isAlive } = processTable();
    while (isAlive(running.process) === true) {
      if (performance.now() > deadline) {
        throw new CommandError(`process ${running.process.pid} has not ended within ${WAIT_MS / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    process.stderr.write('everything has ended\n');
    return 0;
  },
};
