import type { ChainLink, ExecutionError } from '@aumos/agf-domain';
import type { FunctionRefusal } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { GuardedCall } from './guarded-call.js';

/** A breaker of its chain is open: said in the traces, and to the engine as a result. */
@Injectable()
export class RefuseCall {
  constructor(
    private readonly db: TenantDb,
    private readonly traces: TracesRepository,
  ) {}

  async run(
    call: Pick<GuardedCall, 'ref' | 'node' | 'visit'>,
    refusal: { key: ChainLink['key']; state: string; retry_after_ms: number },
  ): Promise<FunctionRefusal> {
    const { tenant_id, execution_id, traceparent } = call.ref;
    const { key, state, retry_after_ms } = refusal;
    await this.db.run(tenant_id, () =>
      this.traces.add({
        execution_id,
        node: call.node,
        visit: call.visit,
        kind: 'breaker',
        name: key,
        attributes: { state, retry_after_ms },
        started_at: new Date(),
        traceparent: traceparent ?? null,
      }),
    );
    const error: ExecutionError = {
      code: 'CIRCUIT_OPEN',
      message: `breaker ${key} is ${state}`,
      node: call.node,
      visit: call.visit,
      attempts: 0,
      details: { circuit_key: key, state, retry_after_ms },
    };
    return { kind: 'refused', error, key, retry_after_ms };
  }
}
