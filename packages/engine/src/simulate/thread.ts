/** Entry of the thread that simulates: whoever starts it may end it at any time. */
import { parentPort } from 'node:worker_threads';
import { jsonSize, type Json } from '@aumos/agf-domain/runtime';
import { SimulationError } from './script.js';
import { simulate } from './simulate.js';
import type { Simulation } from './simulation.js';
import type { ThreadAnswer, ThreadJob } from './thread-messages.js';

const tell = (answer: ThreadAnswer): void => parentPort?.postMessage(answer);

/** Counted part by part: values that visits share are many times as long written out. */
function fits({ visits, ...rest }: Simulation, maxBytes: number): boolean {
  let left = maxBytes - jsonSize(rest);
  return left >= 0 && visits.every((visit) => (left -= jsonSize(visit as unknown as Json)) >= 0);
}

async function answerTo({ definition, script, maxResultBytes }: ThreadJob): Promise<ThreadAnswer> {
  try {
    const simulation = await simulate(definition, script);
    return fits(simulation, maxResultBytes) ? { kind: 'done', simulation } : { kind: 'too_large' };
  } catch (error) {
    if (!(error instanceof SimulationError)) return { kind: 'failed', error };
    const { code, message, site } = error;
    return { kind: 'fault', code, message, site };
  }
}

parentPort?.on('message', (job: ThreadJob) => void answerTo(job).then(tell));
tell({ kind: 'ready' });
