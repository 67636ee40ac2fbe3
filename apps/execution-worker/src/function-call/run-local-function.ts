import { type FunctionCall, type FunctionOutcome, handlerCallOf } from '@aumos/agf-engine/common';
import { callHandler, callSite } from '@aumos/agf-node-worker';
import { BreakerGuard } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { thrownOutcome } from '../breakers/thrown-outcome.js';
import { AdmitFunction } from './admit-function.js';
import { LocalHandlers } from './local-handlers.js';
import { SettleFunction } from './settle-function.js';

/**
 * One visit whose handler runs in this process: admission → handler → journal, within one attempt of the activity under
 * way. Nothing of it is kept between calls: visits that follow one another may be run so in a loop.
 */
@Injectable()
export class RunLocalFunction {
  constructor(
    private readonly admit: AdmitFunction,
    private readonly settle: SettleFunction,
    private readonly guard: BreakerGuard,
    private readonly local: LocalHandlers,
  ) {}

  /** @throws HandlerError, CallerError: what the engine retries as the node says */
  async run({ ended, ...call }: FunctionCall): Promise<FunctionOutcome> {
    const admission = await this.admit.run({ ...call, ended });
    if (admission.kind !== 'admitted') return admission;
    const { permit } = admission;
    const here = callSite();
    const site = { ...here, attempt: here.attempt + (call.attempts_before ?? 0) };
    const started = new Date();
    try {
      const result = await callHandler(this.local.handlers, handlerCallOf(call), site);
      const reply = { result, attempt: site.attempt, duration_ms: Date.now() - started.getTime() };
      const outcome = { kind: 'completed', reply } as const;
      const settled = await this.settle.run({ call, permit, started_at: started.toISOString(), outcome });
      return { kind: 'completed', result: settled ? settled.result : result };
    } catch (error) {
      const took = Date.now() - started.getTime();
      await this.guard.report(call.ref.tenant_id, permit, thrownOutcome(permit, error), took);
      throw error;
    }
  }
}
