// A keep-alive connection to a hub over TLS: one request at a time, and as little work of its own as possible.
import { connect, type TLSSocket } from 'node:tls';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  readonly token: string;
}

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads what comes back: a head, then a body of a known length or in chunks. */
class ReplyReader {
  private head: Buffer = Buffer.alloc(0);
  private status = 0;
  /** Null while the head is read. */
  private mode: 'length' | 'chunks' | null = null;
  private left = 0;
  private parts: Buffer[] = [];
  private sizeText = '';
  private isEnding = false;

  /** The reply, once it is whole. */
  take(bytes: Buffer): Reply | null {
    let rest = bytes;
    if (this.mode === null) {
      this.head = this.head.length === 0 ? rest : Buffer.concat([this.head, rest]);
      const end = this.head.indexOf(HEAD_END);
      if (end < 0) return null;
      this.readHead(this.head.toString('latin1', 0, end));
      rest = this.head.subarray(end + HEAD_END.length);
      this.head = Buffer.alloc(0);
    }
    return this.mode === 'length' ? this.takeLength(rest) : this.takeChunks(rest);
  }

  private readHead(text: string): void {
    this.status = Number(text.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(text);
    this.mode = length === null ? 'chunks' : 'length';
    this.left = length === null ? 0 : Number(length[1]);
    this.parts = [];
    this.sizeText = '';
    this.isEnding = false;
  }

  private takeLength(bytes: Buffer): Reply | null {
    if (bytes.length > 0) this.parts.push(bytes);
    this.left -= bytes.length;
    return this.left > 0 ? null : this.whole();
  }

  private takeChunks(bytes: Buffer): Reply | null {
    let at = 0;
    while (at < bytes.length) {
      if (this.left > 0) {
        const end = Math.min(bytes.length, at + this.left);
        this.parts.push(bytes.subarray(at, end));
        this.left -= end - at;
        at = end;
        continue;
      }
      const letter = bytes[at]!;
      at += 1;
      if (letter === 0x0d) continue;
      if (letter !== 0x0a) {
        this.sizeText += String.fromCharCode(letter);
        continue;
      }
      if (this.sizeText === '') {
        if (this.isEnding) return this.whole();
        continue;
      }
      this.left = Number.parseInt(this.sizeText, 16);
      this.isEnding = this.left === 0;
      this.sizeText = '';
    }
    return null;
  }

  private whole(): Reply {
    const body = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    this.mode = null;
    this.parts = [];
    return { status: this.status, body };
  }
}

export class Connection {
  private readonly socket: TLSSocket;
  private readonly host: string;
  private readonly token: string;
  private readonly reader = new ReplyReader();
  private pending: Pending | null = null;
  private failure: Error | null = null;

  private constructor(socket: TLSSocket, { host, token }: Target) {
    this.socket = socket;
    this.host = host;
    this.token = token;
    socket.on('data', (bytes: Buffer) => this.read(bytes));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the hub closed the connection')));
  }

  static open(target: Target): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = secureSocket(target);
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, target));
      });
    });
  }

  request(method: string, path: string, body = '', contentType = 'application/json'): Promise<Reply> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.socket.write(requestText(method, path, this.host, this.token, body, contentType));
    });
  }

  close(): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  private read(bytes: Buffer): void {
    const reply = this.reader.take(bytes);
    if (reply === null) return;
    const { pending } = this;
    this.pending = null;
    pending?.resolve(reply);
  }

  private fail(error: Error): void {
    this.failure = error;
    this.pending?.reject(error);
    this.pending = null;
  }
}

export const secureSocket = ({ host, port, authority }: Target): TLSSocket =>
  connect({ host, port, ca: authority }).setNoDelay(true);

export function requestText(
  method: string,
  path: string,
  host: string,
  token: string,
  body = '',
  contentType = 'application/json',
): string {
  const length = Buffer.byteLength(body);
  return (
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
    `User-Agent: muster-bench/1\r\nAccept: application/json\r\n` +
    (length === 0 ? '' : `Content-Type: ${contentType}\r\nContent-Length: ${length}\r\n`) +
    `\r\n${body}`
  );
}
