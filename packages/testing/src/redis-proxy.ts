import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';

/** A TCP proxy before Redis that can stop forwarding (a stalled server) or cut every connection (a dead one). */
export class RedisProxy {
  readonly #sockets = new Set<Socket>();
  #stalled = false;
  #dead = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.#forward(client));
  }

  static async before(url: string): Promise<RedisProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RedisProxy(server, new URL(url));
  }

  get url(): string {
    return `redis://127.0.0.1:${String((this.server.address() as AddressInfo).port)}${this.target.pathname}`;
  }

  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  cut(): void {
    this.#dead = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.#stalled = this.#dead = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #forward(client: Socket): void {
    if (this.#dead) return void client.destroy();
    const redis = createConnection(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#stalled) from.pause();
    }
  }
}
