import type { ExecutionEvent } from '@aumos/agf-domain';
import { type ExecutionCommand, sendCommand } from '@aumos/agf-engine/client';
import {
  CommandsRepository,
  type ExecutionCommandEntity,
  type ExecutionEntity,
  ExecutionsRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { withSpan } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from '../execution/execution-log.js';
import { TemporalClient } from '../temporal/temporal-client.js';
import { DispatchExecution } from './dispatch-execution.js';

/**
 * Tells a running execution what was asked of it, one command after the other, each marked before the next one leaves.
 * May be repeated, also by several workers at once: the workflow takes a command once.
 */
@Injectable()
export class DeliverCommands {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly commands: CommandsRepository,
    private readonly temporal: TemporalClient,
    private readonly dispatch: DispatchExecution,
    private readonly log: ExecutionLog,
  ) {}

  async run(tenantId: string, executionId: string): Promise<void> {
    const execution = await this.db.run(tenantId, () => this.executions.get(executionId));
    if (!execution) return;
    await withSpan('deliver commands', execution.traceparent, async () => {
      for (let started = execution.status !== 'pending'; ;) {
        const command = await this.db.run(tenantId, () => this.commands.next(executionId));
        if (!command) return;
        if (!started) await this.dispatch.run(tenantId, executionId);
        started = true;
        await this.deliver(execution, command);
      }
    });
  }

  private async deliver({ tenant_id, id }: ExecutionEntity, command: ExecutionCommandEntity): Promise<void> {
    // What has ended takes no notice: nothing of it is left to deliver.
    await sendCommand(this.temporal.client, tenant_id, id, messageOf(command));
    await this.db.run(tenant_id, async () => {
      const { first, running } = await this.commands.markDelivered(command);
      if (first && running) this.log.append({ tenant_id, execution_id: id }, eventOf(command));
    });
  }
}

const messageOf = ({ id, kind, name, payload }: ExecutionCommandEntity): ExecutionCommand =>
  kind === 'signal' ? { kind, id, name: name ?? '', payload } : { kind, id };

/** A signal's payload is for the node that waits for it. */
const eventOf = ({ kind, name, actor }: ExecutionCommandEntity): ExecutionEvent => ({
  type: kind,
  data: { actor, ...(name === null ? {} : { name }) },
});
