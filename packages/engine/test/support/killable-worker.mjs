/** An execution worker as a process of its own, to be killed. Says on stdout what it does, one line each. */
import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { childStart } from '@aumos/agf-engine/common';
import { createExecutionWorker } from '@aumos/agf-engine/worker';

/** What a node calls `child`: a slow call, and one that people are asked about. */
const spec = (name, min_privilege_level) => ({
  ...{ name, version: 1, description: name, category: 'data', input_schema: true, output_schema: true },
  ...{ min_privilege_level, idempotent: true, timeout_seconds: 60 },
});
const CHILD = {
  workflow_id: 'child',
  version: 1,
  definition: {
    schema: 'agf/workflow/v1',
    name: 'child',
    state: { r: { reducer: 'append' } },
    nodes: [
      { id: 'slow', type: 'tool', tool: 'slow', output: 'r' },
      { id: 'risky', type: 'tool', tool: 'risky', output: 'r' },
    ],
    edges: [
      { source: 'START', target: 'slow' },
      { source: 'slow', target: 'risky' },
      { source: 'risky', target: 'END' },
    ],
  },
  tools: { slow: spec('slow', 1), risky: spec('risky', 3) },
};

const { TEMPORAL, NAMESPACE, QUEUE } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

const activities = {
  recordStarted: async () => say('started'),
  runTool: async (call) => {
    if (call.gate?.approval?.paused) say('resumed');
    const { attempt } = Context.current().info;
    say(`run ${call.node}#${call.visit} attempt ${attempt}`);
    // Only a first attempt lasts long enough to be killed.
    if (call.tool === 'slow' && attempt === 1) await Context.current().sleep('60s');
    return { kind: 'completed', result: `by attempt ${attempt}` };
  },
  // Its name says what it calls, one a turn; the answer after them takes long enough to be killed.
  callModel: async (call) => {
    const { attempt } = Context.current().info;
    say(`ask ${call.node}#${call.visit} attempt ${attempt}`);
    const usage = { input_tokens: null, output_tokens: null };
    const name = call.agent.name.split(', ')[call.visit - 1];
    const calls = name ? [{ id: String(call.visit), name, arguments: {} }] : [];
    if (!name && attempt === 1) await Context.current().sleep('60s');
    const text = name ? null : `by attempt ${attempt}`;
    return { kind: 'completed', reply: { text, calls, finish: name ? 'calls' : 'stop', usage } };
  },
  openChild: async (call) => {
    say(`open ${call.node}#${call.visit}`);
    return { kind: 'opened', start: childStart(call, CHILD, new Date().toISOString()) };
  },
  recordVisits: async () => undefined,
  recordPaused: async () => say('paused'),
  recordWaiting: async ({ waiting }) => say(waiting ? 'waits' : 'waited'),
  recordResumed: async () => say('resumed'),
  recordOutcome: async (outcome) =>
    say(`outcome ${JSON.stringify({ status: outcome.status, output: outcome.output })}`),
};

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const connection = await NativeConnection.connect({ address: TEMPORAL });
const worker = await createExecutionWorker({ connection, namespace: NAMESPACE, taskQueue: QUEUE, activities });
say('ready');
await worker.run();
