import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { handWrittenBundle } from '../temporal/bundle.js';
import { Temporal } from '../temporal/temporal.js';
import { clock } from './clock.js';
import { type Decisions } from './platform-decisions.js';

/** `handle.signal` of a workflow that then calls one activity, on the same server. */
export async function rawSignals(): Promise<Decisions> {
  const temporal = await Temporal.connect();
  const { connection, namespace, client } = temporal;
  const taskQueue = `bench-signals-${randomUUID()}`;
  const workflowBundle = await handWrittenBundle();
  const activities = { began: async () => clock() };
  temporal.run(await Worker.create({ connection, namespace, taskQueue, workflowBundle, activities }));
  return {
    decide: async () => {
      const handle = await client.workflow.start('signalled', { workflowId: `bench-${randomUUID()}`, taskQueue });
      await handle.query('waits');
      // As on the platform, where the answer comes before the signal: that is sent within what is measured.
      const answered = clock();
      await handle.signal('decided');
      return ((await handle.result()) as number) - answered;
    },
    close: () => temporal.close(),
  };
}
