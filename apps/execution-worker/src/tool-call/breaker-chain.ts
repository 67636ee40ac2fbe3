import type { BreakerConfig, ChainLink } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { breakerConfigOf, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';

/** The breakers a tool's call meets: the tool's own, which counts it, then its workflow and each parent, which only refuse. */
@Injectable()
export class BreakerChain {
  private readonly config: BreakerConfig;

  constructor(@Inject(SETTINGS) settings: WorkerSettings) {
    this.config = breakerConfigOf(settings);
  }

  of(call: ToolCall): ChainLink[] {
    return [
      { key: `tool:${call.tool}`, mode: 'count', config: this.config },
      ...call.workflow_chain.map((link) => ({ ...link, mode: 'check' as const })),
    ];
  }
}
