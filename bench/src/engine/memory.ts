import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { executionWorkflowId } from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import { eventually } from '@aumos/agf-testing';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { Temporal } from '../temporal/temporal.js';
import { handWrittenStart, platformStart, waitingForever } from './work.js';

const WORKER = fileURLToPath(new URL('./waiting-worker.js', import.meta.url));
/** Few: what has to wait for its worker's attention is begun again. */
const AT_ONCE = 5;
const SETTLED_MS = 1_000;

type Kind = 'platform' | 'hand';

interface Holding {
  /** executions that begin to wait between two looks */
  executions: { usual: number; quick: number };
  /** before the first look: code is compiled, and pools are filled, by the first ones */
  warming: number;
  /** how many the worker keeps in memory; absent: all */
  cached?: number;
}

type Said = { waiting: number } | { rss: number };

/** Starts executions that wait for good. @returns ends them */
async function startWaiting(temporal: Temporal, kind: Kind, taskQueue: string, count: number) {
  const { client } = temporal;
  const ids: string[] = [];
  await timesAtOnce(count, AT_ONCE, async () => {
    const work = waitingForever();
    if (kind === 'platform') {
      const start = platformStart(work);
      ids.push(executionWorkflowId(start.tenant_id, start.execution_id));
      await startGraphWorkflow(client, start, { taskQueue });
    } else {
      const workflowId = `bench-${randomUUID()}`;
      ids.push(workflowId);
      await client.workflow.start('waiting', { workflowId, taskQueue, args: [handWrittenStart(work).ref] });
    }
  });
  return () => timesAtOnce(count, AT_ONCE, (index) => client.workflow.getHandle(ids[index] ?? '').terminate());
}

/** A round: a new worker process, and by how much it grows with each execution that waits in it. */
const side = (
  temporal: Temporal,
  kind: Kind,
  { executions, warming, cached, quick }: Holding & { quick: boolean },
): Side => ({
  round: async () => {
    const count = executions[quick ? 'quick' : 'usual'];
    const taskQueue = `bench-memory-${randomUUID()}`;
    const args = [kind, taskQueue, String(cached ?? warming + count + AT_ONCE)];
    const worker = fork(WORKER, args, { execArgv: ['--expose-gc'] });
    let waiting = 0;
    worker.on('message', (said: Said) => {
      if ('waiting' in said) ({ waiting } = said);
    });
    const look = async (all: number): Promise<number> => {
      await eventually(() => waiting >= all, 'executions to wait', { timeoutMs: 120_000 });
      await sleep(SETTLED_MS);
      worker.send('look');
      for (;;) {
        const [said] = (await once(worker, 'message')) as [Said];
        if ('rss' in said) return said.rss;
      }
    };
    await once(worker, 'message');
    const endFirst = await startWaiting(temporal, kind, taskQueue, warming);
    const before = await look(warming);
    const endOthers = await startWaiting(temporal, kind, taskQueue, count);
    const after = await look(warming + count);
    worker.disconnect();
    await Promise.all([endFirst(), endOthers()]);
    return [(after - before) / 1024 / count];
  },
});

const memory = (described: Pick<Benchmark, 'name' | 'goal' | 'group'>, holding: Holding): Benchmark => ({
  ...described,
  unit: 'KB',
  against: 'hand-written workflow',
  open: async ({ quick }) => {
    const temporal = await Temporal.connect();
    return {
      measured: side(temporal, 'platform', { ...holding, quick }),
      against: side(temporal, 'hand', { ...holding, quick }),
      close: () => temporal.close(),
    };
  },
});

/** What an execution that waits costs its worker while that keeps it. */
export const cachedMemory = memory(
  { name: 'memory.cached', goal: { kind: 'none' }, group: 'engine' },
  { executions: { usual: 100, quick: 40 }, warming: 50 },
);

/** What it costs once it is evicted: what grows with every further one. */
export const waitingMemory = memory(
  { name: 'waiting.memory', goal: { kind: 'p99', most: 5 } },
  { executions: { usual: 1_000, quick: 500 }, warming: 500, cached: 1 },
);
