// One line of progress on a terminal's stderr; silence everywhere else.
import { textWidth, withoutControls } from './text-width.ts';

export interface Progress {
  show(text: string): void;
  clear(): void;
}

const ERASE = '\r\u001b[2K';
/** More often than this the eye sees no difference, and the terminal only works. */
const INTERVAL_MS = 50;

type Terminal = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

export function terminalProgress(stream: Terminal = process.stderr, environment = process.env): Progress {
  if (stream.isTTY !== true || environment.TERM === 'dumb') return { show() {}, clear() {} };
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(text) {
      const nowMs = performance.now();
      if (nowMs - shownAtMs < INTERVAL_MS) return;
      shownAtMs = nowMs;
      isShown = true;
      stream.write(ERASE + cutTo(withoutControls(text), Math.max(20, (stream.columns ?? 80) - 1)));
    },
    clear() {
      if (isShown) stream.write(ERASE);
      isShown = false;
      shownAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** A longer line would wrap, and then could not be erased. */
function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
