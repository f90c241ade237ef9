// What controllers did, line by line: failures and warnings for everybody, every decision for those who look closely.
import { type Command, type CommandResult, clusterOf } from '../../../engine/index.ts';
import type { Log } from '../../terminal/log.ts';
import type { Observer } from './observer.ts';

function aim(command: Command): string {
  const place = clusterOf(command.on) ?? 'the hub';
  switch (command.verb) {
    case 'watch':
      return `${command.verb} ${command.collection} in ${place}`;
    case 'ask':
      return `ask ${place} about its ${command.question.about}`;
    default: {
      const { collection, namespace, name } = command.key;
      const path = namespace === '' ? name : `${namespace}/${name}`;
      return `${command.verb} ${collection.replace(/^\//, '')} ${path} in ${place}`;
    }
  }
}

/** Two wrote at once, or what was to go is gone: nothing that anybody has to know of. */
const isEveryday = (result: CommandResult): boolean =>
  result.ok || ['Conflict', 'NotFound', 'AlreadyExists', 'Skipped'].includes(result.code);

export const taskLog = (log: Log): Observer => ({
  begun: ({ name }) => {
    log.tell('debug', 'begins', { process: name });
    return () => log.tell('debug', 'ends', { process: name });
  },
  settled: ({ controller, key, failures, outcome }, results, tookMs) => {
    for (const [at, result] of results.entries()) {
      if (result.ok) continue;
      const level = isEveryday(result) ? 'debug' : 'warn';
      if (!log.takes(level)) continue;
      const { code, message } = result;
      log.tell(level, `cannot ${aim(outcome.commands[at]!)}: ${message}`, { controller, key, code, failures });
    }
    for (const { type, reason, message, about } of outcome.events) {
      const { kind } = about;
      log.tell(type === 'Warning' ? 'warn' : 'debug', message, { controller, key, kind, reason });
    }
    if (results.length > 0 && log.takes('debug')) {
      const commands = outcome.commands.map(aim).join(', ');
      log.tell('debug', commands, { controller, key, tookMs: Math.round(tookMs) });
    }
  },
  mistaken: ({ controller, key, error }) => {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.tell('error', `made a mistake, and goes on: ${said}`, { controller, ...(key !== null && { key }) });
  },
  requested: () => {},
  leads: (name, isLeader) => log.tell('debug', isLeader ? 'leads' : 'does not lead', { lease: name }),
});
