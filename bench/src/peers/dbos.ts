import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { peerDatabase } from './peer-database.js';
import { addOne, type Peer, POOL } from './peer.js';

const step = (n: number): Promise<number> => DBOS.runStep(() => addOne(n), { name: 'add_one' });

const chain = DBOS.registerWorkflow(
  async (length: number) => {
    let n = 0;
    for (let index = 0; index < length; index++) n = await step(n);
    return n;
  },
  { name: 'chain' },
);

const fanout = DBOS.registerWorkflow(
  async (width: number) => {
    const counted = await Promise.all(Array.from({ length: width }, () => step(0)));
    return counted.reduce((a, b) => a + b, 0);
  },
  { name: 'fanout' },
);

const run = async (workflow: typeof chain, size: number): Promise<number> =>
  (await DBOS.startWorkflow(workflow, { workflowID: randomUUID() })(size)).getResult();

/** One a process: it is told so by static methods. */
export async function dbos(): Promise<Peer> {
  const database = await peerDatabase('dbos');
  DBOS.setConfig({
    name: 'agf-bench',
    systemDatabaseUrl: database.url,
    systemDatabasePoolSize: POOL,
    logLevel: 'error',
    tracingEnabled: false,
    enableOTLP: false,
  });
  await DBOS.launch();
  return {
    name: 'DBOS Transact',
    chain: (length) => run(chain, length),
    fanout: (width) => run(fanout, width),
    close: async () => {
      await DBOS.shutdown();
      await database.drop();
    },
  };
}
