import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';

type Histories = Parameters<typeof Worker.runReplayHistories>[1];

let installed = false;

/** A node that fails is no news to a suite that makes it fail. */
export function quietRuntime(): void {
  if (!installed) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  installed = true;
}

/** @returns one line a history that the current code cannot replay */
export async function replayErrors(
  codePath: string,
  histories: Histories,
  dataConverter: DataConverter = {},
): Promise<string[]> {
  const errors: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { codePath }, dataConverter },
    histories,
  ))
    if (error) errors.push(`${workflowId}: ${error.message}`);
  return errors;
}
