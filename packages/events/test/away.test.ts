import { describe, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import { Inbox, OutboxRelay, ReliableKafkaServer, type Taken } from '../src/index.js';

/** Nobody listens there. */
const NOWHERE = { brokers: ['127.0.0.1:1'], clientId: 'away' };
const onWedged = (why: string) => {
  throw new Error(why);
};
class NoInbox extends Inbox {
  once(): Promise<Taken> {
    return Promise.reject(new Error('never asked'));
  }
}

describe('while Kafka and PostgreSQL are away', () => {
  it('a relay starts, says that it is down, and stops', async () => {
    const relay = new OutboxRelay({ ...NOWHERE, databaseUrl: 'postgresql://a:b@127.0.0.1:1/x', pollMs: 10, onWedged });
    relay.start();
    await eventually(() => relay.health().status === 'down', 'the failure');
    await relay.stop();
  });

  it('a consumer starts, says that it is down, and stops', async () => {
    const server = new ReliableKafkaServer({ ...NOWHERE, groupId: 'away', inbox: new NoInbox(), onWedged });
    const refused = await new Promise<unknown>((resolve) => void server.listen(resolve));
    expect(refused).toBeUndefined();
    expect(server.health()).toEqual({ status: 'down', message: 'not started' });
    await server.close();
  });
});
