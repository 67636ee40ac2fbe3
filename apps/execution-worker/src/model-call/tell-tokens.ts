import type { ModelCall } from '@aumos/agf-engine/common';
import { TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from '../execution/execution-log.js';
import { TurnTokens } from './turn-tokens.js';

/**
 * What a model says goes into the execution's log, in its order with all the rest. An attempt that another has taken
 * over from, unknowingly, tells nothing more: the turn's row is held until the commit.
 */
@Injectable()
export class TellTokens {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly log: ExecutionLog,
  ) {}

  of({ ref, node, visit: turn, of }: ModelCall, attempt: number): TurnTokens {
    const at = { execution_id: ref.execution_id, node, visit: turn };
    return new TurnTokens(
      { ...of, turn, attempt },
      (event) =>
        this.db.run(ref.tenant_id, async () => {
          const mine = await this.visits.isAtWork(at, attempt);
          if (mine) this.log.append(ref, event);
          return mine;
        }),
      (error) => {
        this.db.onHookError(error);
      },
    );
  }
}
