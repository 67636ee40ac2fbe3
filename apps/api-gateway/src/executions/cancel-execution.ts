import { type Actor, ApiError, isEnded } from '@aumos/agf-domain';
import { AuditRepository, type ExecutionEntity, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { DispatchHints } from './dispatch-hints.js';

/** Writes the wish that it ends; the worker delivers it. Asked again, it is the same wish. */
@Injectable()
export class CancelExecution {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly audit: AuditRepository,
    private readonly hints: DispatchHints,
  ) {}

  /** @param workflowId where the caller names it, it must be the execution's @throws ApiError NOT_FOUND, INVALID_STATE when it has ended */
  async run(actor: Actor, executionId: string, workflowId?: string): Promise<ExecutionEntity> {
    const row = await this.db.run(actor.tenant_id, async () => {
      const execution = await this.executions.get(executionId);
      if (!execution || (workflowId !== undefined && execution.workflow_id !== workflowId)) throw notFound();
      const found = await this.executions.requestCancel(executionId, actor.sub);
      if (!found || isEnded(found.status))
        throw new ApiError('INVALID_STATE', 'The execution has ended.', { status: found?.status ?? execution.status });
      if (found.first)
        await this.audit.append({
          actor_id: actor.sub,
          action: 'execution.cancel',
          resource_type: 'execution',
          resource_id: executionId,
          outcome: 'allowed',
        });
      return (await this.executions.get(executionId))!;
    });
    this.hints.give('cancel', actor.tenant_id, executionId);
    return row;
  }
}
