import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { SIGNAL_CHILD_CLOCK, type ChildClock } from '../../common/index.js';

/** Tells the parent's workflow, if there is one, of the newest change of the clock; one signal after another. */
export function tellParent(executionId: string): (stands: boolean) => void {
  const parent = workflowInfo().parent;
  if (!parent) return () => undefined;
  const handle = getExternalWorkflowHandle(parent.workflowId);
  let [wanted, told, seq, telling] = [false, false, 0, false];
  const tell = async (): Promise<void> => {
    telling = true;
    while (told !== wanted) {
      told = wanted;
      const message: ChildClock = { execution_id: executionId, seq: ++seq, stands: told };
      // A parent that is gone needs to know nothing.
      await handle.signal(SIGNAL_CHILD_CLOCK, message).catch(() => undefined);
    }
    telling = false;
  };
  return (stands) => {
    wanted = stands;
    if (!telling) void CancellationScope.nonCancellable(tell);
  };
}
