/** An execution worker as a process of its own, to be killed. Says on stdout what it does, one line each. */
import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createExecutionWorker } from '@aumos/agf-engine/worker';

const { TEMPORAL, NAMESPACE, QUEUE } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

const activities = {
  recordStarted: async () => say('started'),
  runTool: async (call) => {
    const { attempt } = Context.current().info;
    say(`run ${call.node}#${call.visit} attempt ${attempt}`);
    // Only a first attempt lasts long enough to be killed.
    if (call.tool === 'slow' && attempt === 1) await Context.current().sleep('60s');
    return { kind: 'completed', result: `by attempt ${attempt}` };
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
