import type { BreakerKey, BreakerSettings, ChainLink } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import type { GuardedCall } from '../tool-call/guarded-call.js';
import { BreakerConfigs } from './breaker-configs.js';

/**
 * The breakers a call meets: the callee's own, which counts it, then that of the agent which chose it, its workflow's and
 * each parent's, which only refuse.
 */
@Injectable()
export class BreakerChain {
  constructor(private readonly configs: BreakerConfigs) {}

  /**
   * @param callee its own breaker; of several the first counts, the others only refuse
   * @param own settings of the callee, over its tenant's: of an agent; tools and handlers have none
   */
  async of(
    callee: BreakerKey | readonly BreakerKey[],
    { ref, agent, workflow_chain }: Pick<GuardedCall, 'ref' | 'workflow_chain' | 'agent'>,
    own: BreakerSettings | null = null,
  ): Promise<ChainLink[]> {
    const config = await this.configs.of(ref.tenant_id, own);
    return [
      ...[callee].flat().map((key, n) => ({ key, mode: n === 0 ? ('count' as const) : ('check' as const), config })),
      ...(agent ? [{ key: `agent:${agent.id}` as const, mode: 'check' as const, config }] : []),
      ...workflow_chain.map((link) => ({ ...link, mode: 'check' as const })),
    ];
  }
}
