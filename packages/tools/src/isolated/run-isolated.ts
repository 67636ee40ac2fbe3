import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CallerError, type Json, ToolError } from '@aumos/agf-domain';
import { type Job, type JobEnd } from './job.js';
import { Turns } from './turns.js';

// From the package's root, so that it is found from the sources as well as from dist.
const ENTRY = fileURLToPath(new URL('../../dist/isolated/thread.js', import.meta.url));

const LIMITS = { timeMs: 5_000, resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 4 } };
const turns = new Turns(2);

/**
 * Does it in a thread of its own, which ends with it: what was written to take all time, memory or stack takes nobody else's.
 * @throws CallerError `TOO_COMPLEX`, `RESULT_TOO_LARGE`; the job's own ToolError; the signal's reason
 */
export const runIsolated = (job: Job, signal: AbortSignal): Promise<Json> =>
  turns.take(signal, async () => resultOf(await endOf(job, signal)));

async function endOf(job: Job, signal: AbortSignal): Promise<JobEnd> {
  signal.throwIfAborted();
  const { timeMs, resourceLimits } = LIMITS;
  // Nothing of the environment: it has no use for it.
  const worker = new Worker(ENTRY, { workerData: job, resourceLimits, env: {}, stdout: true, stderr: true });
  let stop: (() => void) | undefined;
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise<JobEnd>((resolve, reject) => {
      stop = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      late = setTimeout(() => resolve({ kind: 'too_complex' }), timeMs);
      worker.once('message', resolve);
      worker.once('error', (error) => (isOutOfMemory(error) ? resolve({ kind: 'too_complex' }) : reject(error)));
      worker.once('exit', () => reject(new Error('the thread ended without a word')));
    });
  } finally {
    clearTimeout(late);
    if (stop) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';

function resultOf(end: JobEnd): Json {
  switch (end.kind) {
    case 'done':
      return JSON.parse(end.result) as Json;
    case 'refused':
      throw end.fault === 'caller' ? new CallerError(end.code, end.message) : new ToolError(end.code, end.message);
    case 'too_large':
      throw new CallerError('RESULT_TOO_LARGE', 'what comes of this is too large');
    case 'too_complex':
      throw new CallerError('TOO_COMPLEX', 'this takes more time or memory than one call may');
  }
}
