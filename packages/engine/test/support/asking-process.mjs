/** An execution worker whose activities are asked of the process that forked it: what they keep outlives a kill. */
import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { ToolError } from '@aumos/agf-domain';
import { createExecutionWorker } from '@aumos/agf-engine/worker';

const { TEMPORAL, NAMESPACE, QUEUE, ACTIVITIES } = process.env;
const asked = new Map();
let count = 0;

const ask = (name, args) =>
  new Promise((resolve, reject) => {
    const id = ++count;
    asked.set(id, { resolve, reject });
    process.send({ id, name, args, attempt: Context.current().info.attempt });
  });

function answered({ id, result, error }) {
  const { resolve, reject } = asked.get(id);
  asked.delete(id);
  if (!error) return resolve(result);
  const { code, message, retryable, details } = error;
  reject(code === undefined ? new Error(message) : new ToolError(code, message, retryable, details));
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const connection = await NativeConnection.connect({ address: TEMPORAL });
const activities = Object.fromEntries(ACTIVITIES.split(',').map((name) => [name, (...args) => ask(name, args)]));
process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  if (message !== 'begin') return answered(message);
  const options = { connection, namespace: NAMESPACE, taskQueue: QUEUE, activities };
  const worker = await createExecutionWorker(options);
  const running = worker.run();
  process.send('begun');
  await running;
});
process.send('loaded');
