import { type Actor } from '@aumos/agf-domain';
import { AuditRepository, CommandsRepository, type ExecutionEntity, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { DispatchHints } from '../dispatch-hints.js';
import { requested } from './requested.js';

/** Writes the wish that it stands still, or goes on; the worker delivers it. Asked again, nothing changes. */
@Injectable()
export class PauseExecution {
  constructor(
    private readonly db: TenantDb,
    private readonly commands: CommandsRepository,
    private readonly audit: AuditRepository,
    private readonly hints: DispatchHints,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE when it has ended */
  async run(actor: Actor, executionId: string, paused: boolean): Promise<ExecutionEntity> {
    const answer = await this.db.run(actor.tenant_id, async () => {
      const noted = requested(await this.commands.setPaused(executionId, paused, actor.sub));
      if (noted.kind === 'added')
        await this.audit.append({
          actor_id: actor.sub,
          action: paused ? 'execution.pause' : 'execution.resume',
          resource_type: 'execution',
          resource_id: executionId,
          outcome: 'allowed',
        });
      return noted;
    });
    this.hints.give('command', actor.tenant_id, executionId);
    return answer.execution;
  }
}
