// Many watchers at once: opens their streams and counts the events that arrive.
import type { TLSSocket } from 'node:tls';
import { requestText, secureSocket, type Target } from './connection.ts';

const LINE_END = 0x0a;
/** Connections are opened a few at a time: handshakes are the dearest part. */
const OPENING = 20;
/** Every event ends in a line feed; chunks end in one each, too, after a carriage return. */
const CHUNK_END = 0x0d;

export class Watchers {
  private readonly sockets: TLSSocket[] = [];
  private seen = 0;
  private wanted = Number.POSITIVE_INFINITY;
  private reached: () => void = () => {};

  static async open(target: Target, path: string, count: number): Promise<Watchers> {
    const watchers = new Watchers();
    for (let at = 0; at < count; at += OPENING) {
      const batch = Math.min(OPENING, count - at);
      await Promise.all(Array.from({ length: batch }, () => watchers.add(target, path)));
    }
    return watchers;
  }

  /** When so many events have arrived, over all watchers and from now on. */
  count(events: number): Promise<void> {
    this.seen = 0;
    this.wanted = events;
    return new Promise((resolve) => {
      this.reached = resolve;
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private add(target: Target, path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = secureSocket(target);
      this.sockets.push(socket);
      let isOpen = false;
      let before = 0;
      socket.once('error', reject);
      socket.on('secureConnect', () => socket.write(requestText('GET', path, target.host, target.token)));
      socket.on('data', (bytes: Buffer) => {
        if (!isOpen) {
          if (!bytes.toString('latin1').startsWith('HTTP/1.1 200')) reject(new Error(bytes.toString('latin1')));
          isOpen = true;
          resolve();
          return;
        }
        for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) {
          if ((at > 0 ? bytes[at - 1] : before) !== CHUNK_END) this.seen += 1;
        }
        before = bytes[bytes.length - 1]!;
        if (this.seen >= this.wanted) {
          this.wanted = Number.POSITIVE_INFINITY;
          this.reached();
        }
      });
    });
  }
}
