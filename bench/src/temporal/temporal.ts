import { installRuntime } from '@aumos/agf-engine/worker';
import { testStack } from '@aumos/agf-testing';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';

/** Temporal's advice, of no interest here: a worker of a workflow that calls nothing has no activities. */
const ADVICE = 'No activities registered';

let installed = false;

/** Temporal as one process sees it: a connection for its workers and, with eager starts, for its client. */
export class Temporal {
  private readonly workers: { worker: Worker; done: Promise<void> }[] = [];

  private constructor(
    readonly connection: NativeConnection,
    readonly client: Client,
    readonly namespace: string,
  ) {}

  static async connect(): Promise<Temporal> {
    if (!installed)
      installRuntime(({ message, fields }) => {
        if (!message.startsWith(ADVICE)) console.error(message, fields);
      });
    installed = true;
    const { temporal: address, temporal_namespace: namespace } = testStack();
    const connection = await NativeConnection.connect({ address });
    return new Temporal(connection, new Client({ connection, namespace }), namespace);
  }

  run(worker: Worker): void {
    this.workers.push({ worker, done: worker.run() });
  }

  async close(): Promise<void> {
    for (const { worker } of this.workers) worker.shutdown();
    await Promise.all(this.workers.map(({ done }) => done));
    await this.connection.close();
  }
}
