// muster up: a hub, its controllers and its members, from nothing, until Ctrl-C or `muster down`.
import { resolve } from 'node:path';
import { withKindImages } from '../members/kind-images.ts';
import { MEMBER_FORMS } from '../members/wanted.ts';
import { STORAGE_FORMS } from '../storage/storage-forms.ts';
import type { Command } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { withMemberRateOptions } from './member-rate.ts';
import { logOf, withObservingOptions } from './observing.ts';
import { logIn, startDetached } from './up/detach.ts';
import { DEFAULT_FOLDER, kindKubectlWords, kubectlWords, refuseSecondIn } from './up/state.ts';

export const command: Command = {
  declare: (yargs) =>
    withKindImages(withMemberRateOptions(withObservingOptions(yargs)))
      .option('members', { describe: `member clusters: ${MEMBER_FORMS}`, type: 'string', default: 'embedded:2' })
      .option('storage', {
        describe: `where the hub keeps objects: ${STORAGE_FORMS}`,
        type: 'string',
        default: 'memory',
      })
      .option('port', {
        describe: "the hub's port on this machine; 0 takes any that is free",
        type: 'number',
        default: 0,
      })
      .option('profile', { describe: 'karmada, muster, or a file', type: 'string', default: 'muster' })
      .option('controllers', {
        describe: 'names of the controllers to run, with commas; all if left out',
        type: 'string',
      })
      .option('kubeconfig', { describe: 'where the contexts of kubeconfig: members are read', type: 'string' })
      .option('kubeconfig-out', {
        describe: 'file for kubectl that gets its contexts, with tokens, until it ends; in the folder if left out',
        type: 'string',
      })
      .option('dir', { describe: 'folder to keep what down and status need', type: 'string', default: DEFAULT_FOLDER })
      .option('detach', { describe: 'go on in the background, until muster down', type: 'boolean', default: false })
      .option('trace', { describe: 'file to write everything to that controllers see and do', type: 'string' })
      .epilogue('Embedded members are simulated clusters with a real Kubernetes API, each in a process of its own.'),
  run: async (args) => {
    const { signal, release } = onInterrupt();
    try {
      if (args.detach !== true) {
        const { bringUp } = await import('./up/bring-up.ts');
        await bringUp(args, signal);
        return 130;
      }
      const { say } = logOf(args, 'up');
      const folder = String(args.dir);
      await refuseSecondIn(folder);
      const words = process.argv.slice(2).filter((word) => !/^--detach(=|$)/.test(word));
      const { process: started, kubeconfig, contexts, members } = await startDetached(folder, words);
      say(`process ${started.pid} goes on in the background; it writes ${logIn(folder)}`);
      for (const { name } of contexts) say(kubectlWords(kubeconfig, name));
      for (const { kind, name } of members) if (kind === 'kind') say(kindKubectlWords(resolve(folder), name));
      return 0;
    } finally {
      release();
    }
  },
};
