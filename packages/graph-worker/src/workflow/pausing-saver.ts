import { MemorySaver } from '@langchain/langgraph/web';
import { sleep } from '@temporalio/workflow';

/** Their computing takes a fraction of a second, of the two that a workflow task has on a busy machine. */
const STEPS_A_TASK = 10;

let steps = 0;

/**
 * Checkpoints in the workflow's memory, which interrupts need. LangGraph waits for them between two steps, so this is where
 * the workflow task ends now and then: one that computes for seconds is taken for stuck, and its worker is stopped.
 */
export class PausingSaver extends MemorySaver {
  override async put(...args: Parameters<MemorySaver['put']>): ReturnType<MemorySaver['put']> {
    if (++steps % STEPS_A_TASK === 0) await sleep(1);
    return super.put(...args);
  }
}
