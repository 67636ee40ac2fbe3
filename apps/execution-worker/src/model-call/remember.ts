import type { RememberCall } from '@aumos/agf-engine/common';
import { TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from '../execution/execution-log.js';
import { AgentMemories } from './agent-memories.js';

/** Keeps what an agent was asked and answered. May be repeated. */
@Injectable()
export class Remember {
  constructor(
    private readonly db: TenantDb,
    private readonly log: ExecutionLog,
    private readonly memories: AgentMemories,
  ) {}

  async run(call: RememberCall): Promise<void> {
    const { ref, ended, steps } = call;
    await this.db.run(ref.tenant_id, () => this.log.recordEnded(ref, ended, steps));
    await this.memories.remember(call);
  }
}
