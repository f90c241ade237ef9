// A cable between a hub and its etcd that can be cut and mended, and be so long that news comes late.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Cable {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, target: URL, delayMs: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (near: Socket) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far);
      if (delayMs === 0) far.pipe(near);
      else far.on('data', (chunk) => void setTimeout(() => near.write(chunk), delayMs));
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
  }

  /** What etcd says comes so much later. */
  static async to(target: string, delayMs = 0): Promise<Cable> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Cable(server, new URL(target), delayMs);
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  leave(): void {
    this.cut();
    this.#server.close();
  }
}
