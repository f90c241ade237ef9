// One line of progress on a terminal's stderr; silence everywhere else.

export interface Progress {
  show(text: string): void;
  clear(): void;
}

const ERASE = '\r\u001b[2K';

export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show() {}, clear() {} };
  return {
    show: (text) => stream.write(ERASE + text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))),
    clear: () => stream.write(ERASE),
  };
}
