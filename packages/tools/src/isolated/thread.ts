import { parentPort, workerData } from 'node:worker_threads';
import { ToolError } from '@aumos/agf-domain/runtime';
import { type Job, type JobEnd } from './job.js';
import { perform } from './perform.js';

/** Of a result; what a tool makes of it has its own limit. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

async function end(job: Job): Promise<JobEnd> {
  try {
    const result = JSON.stringify(await perform(job));
    return result.length <= MOST_CHARACTERS ? { kind: 'done', result } : { kind: 'too_large' };
  } catch (error) {
    if (error instanceof ToolError)
      return { kind: 'refused', code: error.code, message: error.message, fault: error.fault };
    // The stack, or a text, is at its end.
    if (error instanceof RangeError) return { kind: 'too_complex' };
    throw error;
  }
}

parentPort?.postMessage(await end(workerData as Job));
