// The trouble that an embedded member's API can be in, and how whoever wants it asks for it.
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { MemberError } from './member.ts';

export const TROUBLES = {
  partition: 'no request gets through, no answer gets out',
  slow: 'every request waits before it is served',
  drip: 'the first bytes of an answer come at once, the rest later',
  throttle: 'every request is told that there are too many (429)',
  fail: 'every request is told that the server is unable (503)',
  cut: 'all connections end at once; new ones are served',
  forget: 'all connections end at once, and no watch can go on from before: it is told that it is too old (410)',
} as const;

export type TroubleKind = keyof typeof TROUBLES;

/** Trouble that does not last. */
export const MOMENTARY: ReadonlySet<string> = new Set<TroubleKind>(['cut', 'forget']);

export interface Trouble {
  readonly kind: TroubleKind;
  /** Of slow and drip. */
  readonly delayMs: number;
}

export const TROUBLE_PATH = '/muster/trouble';
export const TROUBLE_BEGUN = 'begun';
const DELAY_MAX_MS = 600_000;

export const isTroubleKind = (text: string): text is TroubleKind => Object.hasOwn(TROUBLES, text);

export function troubleIn(query: URLSearchParams): Trouble | null {
  const kind = query.get('kind') ?? '';
  const delayMs = Number(query.get('delayMs') ?? 0);
  if (!isTroubleKind(kind) || !Number.isSafeInteger(delayMs) || delayMs < 0 || delayMs > DELAY_MAX_MS) return null;
  return { kind, delayMs };
}

export interface TroubleUnderWay {
  /** Mends it. */
  end(): void;
  /** The member is gone, and its trouble with it. */
  readonly over: Promise<void>;
}

const ANSWER_MS = 10_000;

export function makeTrouble(address: ApiAddress, { kind, delayMs }: Trouble): Promise<TroubleUnderWay> {
  const api = new HttpApi(address);
  return new Promise((resolve, reject) => {
    let told = () => {};
    const over = new Promise<void>((done) => (told = done));
    const refuse = (why: string) => {
      clearTimeout(limit);
      api.close();
      reject(new MemberError(why));
    };
    const abort = api.stream(
      `${TROUBLE_PATH}?kind=${kind}&delayMs=${delayMs}`,
      () => {
        clearTimeout(limit);
        resolve({
          over,
          end: () => {
            abort();
            api.close();
          },
        });
      },
      (refused) => {
        told();
        if (refused === 409) refuse('it is in trouble of this sort already');
        else if (refused === null) refuse('its API cannot be reached');
        else refuse('only embedded members can be in trouble of this sort');
      },
    );
    const limit = setTimeout(() => {
      abort();
      refuse('its API does not answer');
    }, ANSWER_MS);
  });
}
