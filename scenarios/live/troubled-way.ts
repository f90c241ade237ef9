// The way to an API on which several troubles may lie at once: of these the worst shows.
import { type ProxiedApi, startTroubleProxy, type WayTrouble } from '../../executor/members/trouble-proxy.ts';

const SEVERITY = ['partition', 'fail', 'throttle', 'slow'] as const;

export interface TroubledWay {
  readonly address: ProxiedApi;
  /** What is given back ends it. */
  trouble(trouble: WayTrouble): () => void;
  close(): Promise<void>;
}

export async function troubledWay(target: ProxiedApi): Promise<TroubledWay> {
  const proxy = await startTroubleProxy(target);
  const all: WayTrouble[] = [];
  const show = (): void =>
    proxy.setTrouble(SEVERITY.flatMap((kind) => all.filter((one) => one.kind === kind))[0] ?? null);
  return {
    address: proxy.address,
    trouble: (trouble) => {
      all.push(trouble);
      show();
      return () => {
        all.splice(all.indexOf(trouble), 1);
        show();
      };
    },
    close: () => proxy.close(),
  };
}
