import { NativeConnection, type NativeConnectionOptions, type Worker } from '@temporalio/worker';

/** Where Temporal is: an address, or a connection of one's own. */
export type TemporalAt =
  | { address: string; tls?: NativeConnectionOptions['tls']; connection?: undefined }
  | { connection: NativeConnection; address?: undefined; tls?: undefined };

/** A worker that a team runs in a process of its own. */
export interface TeamWorker {
  readonly taskQueue: string;
  /** Takes work until `shutdown()`, or until SIGINT or SIGTERM; settles once what is under way has ended, or is given up. */
  run(): Promise<void>;
  /** Takes no more. Settles like `run()`. */
  shutdown(): Promise<void>;
}

/** Opens the connection with the worker, and closes it with it, unless it is the team's own. @throws what `create` does */
export async function openTeamWorker(
  { address, tls, ...given }: TemporalAt,
  taskQueue: string,
  create: (connection: NativeConnection) => Promise<Worker>,
): Promise<TeamWorker> {
  const connection = given.connection ?? (await NativeConnection.connect({ address, tls }));
  const close = async (): Promise<void> => {
    if (given.connection === undefined) await connection.close();
  };
  try {
    return running(await create(connection), taskQueue, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function running(worker: Worker, taskQueue: string, close: () => Promise<void>): TeamWorker {
  let ended: Promise<void> | undefined;
  const run = (): Promise<void> => (ended ??= worker.run().finally(close));
  return {
    taskQueue,
    run,
    shutdown: async () => {
      if (ended && worker.getState() === 'RUNNING') worker.shutdown();
      await (ended ?? close());
    },
  };
}
