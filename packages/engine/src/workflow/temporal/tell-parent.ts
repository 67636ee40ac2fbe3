import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { SIGNAL_CHILD_CLOCK, type ChildClock, type ClockTold } from '../../common/index.js';

/** Tells the parent's workflow, if there is one, of the newest change of the clock; one signal after another. */
export class ClockTeller {
  private readonly parent = workflowInfo().parent;
  private told: ClockTold;
  private wanted: boolean;
  private telling = false;

  /** @param before what an earlier run told */
  constructor(
    private readonly executionId: string,
    before: ClockTold | undefined,
  ) {
    this.told = before ?? { seq: 0, stands: false };
    this.wanted = this.told.stands;
  }

  /** What the next run goes on with. */
  get carried(): { clock_told?: ClockTold } {
    return this.parent ? { clock_told: this.told } : {};
  }

  stands(stands: boolean): void {
    this.wanted = stands;
    const { parent } = this;
    if (parent && !this.telling) void CancellationScope.nonCancellable(() => this.tell(parent.workflowId));
  }

  private async tell(parentId: string): Promise<void> {
    const parent = getExternalWorkflowHandle(parentId);
    this.telling = true;
    while (this.told.stands !== this.wanted) {
      this.told = { seq: this.told.seq + 1, stands: this.wanted };
      const message: ChildClock = { execution_id: this.executionId, ...this.told };
      // A parent that is gone needs to know nothing.
      await parent.signal(SIGNAL_CHILD_CLOCK, message).catch(() => undefined);
    }
    this.telling = false;
  }
}
