import type { AncestorRef, ExecutionRef } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { PausesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { eventOf } from './event-of.js';
import { ExecutionLog } from './execution-log.js';

/** Those above a child wait for people while it does, in the transaction in which it begins and ends to. Needs a scope. */
@Injectable()
export class AncestorPauses {
  constructor(
    private readonly pauses: PausesRepository,
    private readonly events: EventPublisher,
    private readonly log: ExecutionLog,
  ) {}

  /** Before anything of them changes. @returns false when it is a child that has ended: it pauses nobody any more */
  async lock({ execution_id, ancestors }: ExecutionRef): Promise<boolean> {
    if (!ancestors) return true;
    return this.pauses.lockChain([...ancestors.map((each) => each.execution_id), execution_id]);
  }

  async paused(ref: ExecutionRef, approval: { approval_id: string; gate_name: string }): Promise<void> {
    for (const ancestor of ref.ancestors ?? []) {
      const { execution_id, node } = ancestor;
      if (!(await this.pauses.markPaused(execution_id, approval.approval_id, node))) continue;
      const above = refOf(ref, ancestor);
      await this.events.publish(eventOf(above, 'agf.workflow.paused_hitl', { ...approval, node }, new Date()));
      this.log.append(above, { type: 'hitl_pause', data: { ...approval, node } });
    }
  }

  async resumed(ref: ExecutionRef, approval_id: string): Promise<void> {
    for (const ancestor of ref.ancestors ?? [])
      if (await this.pauses.markResumed(ancestor.execution_id, approval_id))
        this.log.append(refOf(ref, ancestor), { type: 'hitl_resume', data: { approval_id } });
  }

  /** The child has ended: whatever it waited for, nobody above waits for that any more. */
  async ended(ref: ExecutionRef): Promise<void> {
    if (!ref.ancestors) return;
    for (const approval of await this.pauses.openApprovals(ref.execution_id)) await this.resumed(ref, approval);
  }
}

const refOf = (ref: ExecutionRef, { execution_id, workflow_id }: AncestorRef): ExecutionRef => ({
  ...ref,
  execution_id,
  workflow_id,
});
