import { GRAPH_BUNDLE_PATH } from '@aumos/agf-engine/worker';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { handWrittenBundle } from '../temporal/bundle.js';
import { BothWorkers } from './both-workers.js';
import { toolChain } from './work.js';

/** A tool call is three events, the workflow task after it three more. */
const NODES = 160;
const REPLAYS = { usual: 10, quick: 4 };

type Bundle = NonNullable<WorkerOptions['workflowBundle']>;
type History = Awaited<ReturnType<Awaited<ReturnType<BothWorkers['platform']>>['fetchHistory']>>;

/** The first one of a round pays for the replaying worker's own start and is not counted. */
const side = (workflowBundle: Bundle, history: History, count: number): Side => ({
  round: async () => {
    const took: number[] = [];
    let last: number | undefined;
    const histories = Array.from({ length: count + 1 }, (_, index) => ({
      workflowId: `replay-${String(index)}`,
      history,
    }));
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      if (error) throw error;
      const now = performance.now();
      if (last !== undefined) took.push(now - last);
      last = now;
    }
    return took;
  },
});

/** What a worker that takes over an execution does first: about a thousand events of one, executed again. */
export const replay: Benchmark = {
  name: 'replay.1000',
  unit: 'ms',
  against: 'hand-written workflow',
  goal: { kind: 'none' },
  group: 'engine',
  open: async ({ quick }) => {
    const count = REPLAYS[quick ? 'quick' : 'usual'];
    const workers = await BothWorkers.open();
    const work = toolChain(NODES);
    const [platform, hand] = [await workers.platform(work), await workers.byHand(work)];
    const [ofPlatform, ofHand] = [await platform.fetchHistory(), await hand.fetchHistory()];
    console.error(`histories of ${String(ofPlatform.events?.length)} and ${String(ofHand.events?.length)} events`);
    return {
      measured: side({ codePath: GRAPH_BUNDLE_PATH }, ofPlatform, count),
      against: side(await handWrittenBundle(), ofHand, count),
      close: () => workers.close(),
    };
  },
};
