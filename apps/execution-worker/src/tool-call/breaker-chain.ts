import type { BreakerConfig, BreakerKey, ChainLink } from '@aumos/agf-domain';
import { breakerConfigOf, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';
import type { GuardedCall } from './guarded-call.js';

/**
 * The breakers a call meets: the callee's own, which counts it, then that of the agent which chose it, its workflow's and
 * each parent's, which only refuse.
 */
@Injectable()
export class BreakerChain {
  private readonly config: BreakerConfig;

  constructor(@Inject(SETTINGS) settings: WorkerSettings) {
    this.config = breakerConfigOf(settings);
  }

  of(key: BreakerKey, call: Pick<GuardedCall, 'workflow_chain' | 'agent'>): ChainLink[] {
    return [
      { key, mode: 'count', config: this.config },
      ...(call.agent ? [{ key: `agent:${call.agent.id}` as const, mode: 'check' as const, config: this.config }] : []),
      ...call.workflow_chain.map((link) => ({ ...link, mode: 'check' as const })),
    ];
  }
}
