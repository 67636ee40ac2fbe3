import { createSocket, type Socket } from 'node:dgram';
import { decode, encode, type Packet, RECURSION_DESIRED, RECURSION_AVAILABLE } from 'dns-packet';

type Asked = 'A' | 'AAAA';

/** @param nth how often this name was asked for in this type, from 1. @returns addresses; none: there is no such name */
type Zone = (name: string, type: Asked, nth: number) => readonly string[] | 'silence';

/** NXDOMAIN, in the header's lowest bits. Source: RFC 1035, 4.1.1. */
const NO_SUCH_NAME = 3;

/** A name server on UDP that answers what a test tells it to, each time anew: nothing it says may be kept. */
export class NameServer {
  readonly queries: { name: string; type: Asked }[] = [];

  private constructor(
    private readonly socket: Socket,
    private zone: Zone,
  ) {}

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket, zone);
    socket.on('message', (message, { port, address }) => {
      const answer = server.answer(decode(message));
      if (answer) socket.send(encode(answer), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  /** `address:port` */
  get address(): string {
    return `127.0.0.1:${String(this.socket.address().port)}`;
  }

  /** From now on; queries are counted anew. */
  says(zone: Zone): void {
    this.queries.length = 0;
    this.zone = zone;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve));
  }

  private answer({ id, questions = [] }: Packet): Packet | null {
    const [question] = questions;
    if (question?.type !== 'A' && question?.type !== 'AAAA') return null;
    const { name, type } = question;
    this.queries.push({ name, type });
    const nth = this.queries.filter((each) => each.name === name && each.type === type).length;
    const said = this.zone(name, type, nth);
    if (said === 'silence') return null;
    const answers = said.map((data) => ({ name, type, ttl: 0, class: 'IN' as const, data }));
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | (said.length === 0 ? NO_SUCH_NAME : 0);
    return { type: 'response', id, flags, questions, answers };
  }
}
