import { dbos } from './dbos.js';
import { langgraph } from './langgraph.js';
import { type Peer } from './peer.js';
import { restatePeer } from './restate.js';

/** The first one is what goals of one peer name. Restate is left out, with a word, where its server does not run. */
export async function openPeers(): Promise<[Peer, ...Peer[]]> {
  const first = await langgraph();
  const second = await dbos();
  const third = await restatePeer().catch((error: unknown) => {
    console.error(`without Restate: ${(error as Error).message}`);
    return undefined;
  });
  return [first, second, ...(third ? [third] : [])];
}
