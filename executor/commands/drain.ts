// muster drain: everything is moved off a cluster, and nothing more is scheduled to it until it is uncordoned.
import { type BindingThere, bindingsOn, DRAIN, TaintError } from '../live/taints.ts';
import type { Command } from '../terminal/command.ts';
import { runTaintChange, withTaintOptions } from './taint-change.ts';

const LOOK_MS = 500;
const NAMED = 5;

export const command: Command = {
  declare: (yargs) =>
    withTaintOptions(yargs).option('timeout', {
      describe: 'seconds to wait until no binding targets the cluster; 0 does not wait',
      type: 'number',
      default: 300,
    }),
  run: (args) =>
    runTaintChange(
      args,
      () => DRAIN,
      { done: 'draining', already: 'already draining' },
      async (hub, cluster) => {
        const seconds = Number(args.timeout);
        if (seconds === 0) return;
        const deadline = performance.now() + seconds * 1000;
        const told = new Set<string>();
        for (;;) {
          const left = await bindingsOn(hub, cluster);
          if (left.length === 0) break;
          for (const { name, why } of left) {
            if (why === null || told.has(name)) continue;
            told.add(name);
            process.stderr.write(`note: ${name} has nowhere else to go, and leaves when its time is up: ${why}\n`);
          }
          if (performance.now() > deadline) throw new TaintError(stillThere(cluster, seconds, left));
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
        process.stdout.write(`cluster/${cluster} drained\n`);
      },
    ),
};

/** They may tolerate the taint, too. */
function stillThere(cluster: string, seconds: number, left: readonly BindingThere[]): string {
  const named = left.slice(0, NAMED).map(({ name, why }) => (why === null ? name : `${name} (nowhere else: ${why})`));
  const more = left.length > NAMED ? `, and ${left.length - NAMED} more` : '';
  return `${cluster} is not empty after ${seconds} s: ${named.join(', ')}${more}`;
}
