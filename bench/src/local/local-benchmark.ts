import { type Json, type WorkflowDefinition } from '@aumos/agf-domain';
import { openPeers } from '../peers/peers.js';
import { type Peer } from '../peers/peer.js';
import { oneByOne, timesAtOnce } from '../run/at-once.js';
import { type Benchmark, type NamedSide } from '../run/benchmark.js';
import { chainOf, fanoutOf } from './definitions.js';
import { PlatformRuns } from './platform-runs.js';

/** The same on the platform and on its peers. */
export interface Work {
  definition: (name: string) => WorkflowDefinition;
  input: Json;
  /** what it comes to */
  output: number;
  peer: (peer: Peer) => Promise<number>;
}

export const chain = (length: number): Work => ({
  definition: (name) => chainOf(length, 'local', name),
  input: {},
  output: length,
  peer: (peer) => peer.chain(length),
});

export const fanout = (width: number): Work => ({
  definition: fanoutOf,
  input: { items: Array.from({ length: width }, () => 0) },
  output: width,
  peer: (peer) => peer.fanout(width),
});

interface Rounds {
  /** executions a round */
  usual: number;
  quick: number;
  /** so many under way at once: a round is then one sample, its time by its executions */
  atOnce?: number;
}

type Described = Pick<Benchmark, 'name' | 'goal' | 'best' | 'group'>;

const FIRST_PEER = 'LangGraph.js + PostgresSaver';

/** Local nodes on the running system, beside other engines with the same work on the same PostgreSQL. */
export const localBenchmark = (described: Described, work: Work, rounds: Rounds): Benchmark => ({
  ...described,
  unit: 'ms',
  against: FIRST_PEER,
  open: async ({ quick }) => {
    const calls = quick ? rounds.quick : rounds.usual;
    const platform = await PlatformRuns.open();
    const workflow = await platform.publish(work.definition);
    const peers = await openPeers();
    const { atOnce: lanes } = rounds;
    const side = (name: string, run: () => Promise<number>): NamedSide => ({
      name,
      round: () => (lanes === undefined ? oneByOne(calls, run) : together(calls, lanes, run)),
    });
    const [first, ...others] = peers.map((peer) => side(peer.name, () => timeOf(peer, work)));
    return {
      measured: side('platform', () => platform.run(workflow, work.input, work.output)),
      against: first!,
      besides: others,
      close: async () => {
        for (const peer of peers) await peer.close();
        await platform.close();
      },
    };
  },
});

async function timeOf(peer: Peer, work: Work): Promise<number> {
  const began = performance.now();
  const counted = await work.peer(peer);
  if (counted !== work.output) throw new Error(`${peer.name} counted ${String(counted)}`);
  return performance.now() - began;
}

async function together(calls: number, lanes: number, run: () => Promise<number>): Promise<number[]> {
  const began = performance.now();
  await timesAtOnce(calls, lanes, run);
  return [(performance.now() - began) / calls];
}
