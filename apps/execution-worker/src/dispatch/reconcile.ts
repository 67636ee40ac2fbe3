import { brokenOffExecutions, isExecutionClosed } from '@aumos/agf-engine/client';
import { Injectable, Logger } from '@nestjs/common';
import { CloseAbandoned } from '../execution/close-abandoned.js';
import { TemporalClient } from '../temporal/temporal-client.js';

/** How far back it looks: an outage of all workers is shorter. */
const WINDOW_MS = 7 * 86_400_000;

/** Ends the rows of executions whose workflow was ended from outside, and so wrote no outcome. */
@Injectable()
export class Reconcile {
  private readonly log = new Logger(Reconcile.name);

  constructor(
    private readonly temporal: TemporalClient,
    private readonly close: CloseAbandoned,
  ) {}

  async run(now: Date): Promise<void> {
    const { client } = this.temporal;
    for (const { tenant_id, execution_id } of await brokenOffExecutions(client, new Date(now.getTime() - WINDOW_MS))) {
      // One that fails must not keep the others waiting. A run that was reset goes on under the same id.
      await this.close
        .run(tenant_id, execution_id, () => isExecutionClosed(client, tenant_id, execution_id))
        .catch((err: unknown) => this.log.warn({ err, msg: 'reconciled in vain', execution_id }));
    }
  }
}
