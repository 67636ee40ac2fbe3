import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testStack } from '@aumos/agf-testing';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { timesAtOnce } from '../run/at-once.js';
import { type Starts } from './platform-starts.js';

const WORKER = fileURLToPath(new URL('./empty-worker.js', import.meta.url));

/** `client.workflow.start` of a workflow that does nothing, on the same server. */
export async function rawStarts(): Promise<Starts> {
  const { temporal: address, temporal_namespace: namespace } = testStack();
  const taskQueue = `bench-empty-${randomUUID()}`;
  const worker = fork(WORKER, [taskQueue], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const failed = once(worker, 'exit').then(() => Promise.reject(new Error('the worker ended')));
  failed.catch(() => undefined);
  await Promise.race([once(worker, 'message'), failed]);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const started: WorkflowHandle[] = [];
  return {
    start: async () => {
      started.push(await client.workflow.start('empty', { workflowId: `bench-${randomUUID()}`, taskQueue }));
    },
    drained: async () => {
      const handles = started.splice(0);
      await timesAtOnce(handles.length, 20, (index) => handles[index]!.result());
    },
    close: async () => {
      await connection.close();
      worker.disconnect();
    },
  };
}
