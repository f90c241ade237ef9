// Controllers at work, with Events for those whose objects they are about, and figures for whoever observes them.
import { EventWriter } from './event-writer.ts';
import { LiveProcess, type LiveProcessOptions } from './live-process.ts';
import type { Observer } from './observe/observer.ts';
import { surviving } from './surviving.ts';

export interface ObservedProcessOptions extends Omit<LiveProcessOptions, 'onSettled'> {
  readonly observer?: Observer;
  /** Events wait while there is much else to do. */
  readonly eventsWait?: boolean;
}

export interface ObservedProcess {
  readonly live: LiveProcess;
  stop(): Promise<void>;
}

export function startObserved({ observer, eventsWait = false, ...own }: ObservedProcessOptions): ObservedProcess {
  const { controllers } = own;
  const live = new LiveProcess({
    ...own,
    controllers:
      observer === undefined
        ? controllers
        : controllers.map((one) => surviving(one, (what) => observer.mistaken(what))),
    onSettled: (task, results, tookMs) => {
      for (const record of task.outcome.events) events.tell(task.controller, record);
      observer?.settled(task, results, tookMs);
    },
  });
  const events = new EventWriter({
    hub: own.hub,
    now: own.now,
    ...(eventsWait && { isBusy: () => live.isBusy }),
    find: ({ on, key }) => live.manager.cache.reader(on).get(key.collection, key.namespace, key.name),
  });
  const ended = observer?.begun(live.manager);
  return {
    live,
    stop: async () => {
      await live.stop();
      ended?.();
    },
  };
}
