import { ToolError } from '@aumos/agf-domain';
import { DrillsRepository, TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ToolCall } from '@aumos/agf-engine/common';
import type { WorkerSettings } from '../config.js';

/**
 * Fails a call in the tool's place while a drill of its tenant says so, as an outage would: worth another attempt. Only
 * the tenants that this process was told are sandboxes have drills, whatever rows there are; other calls cost nothing.
 */
@Injectable()
export class ToolDrills {
  constructor(
    private readonly db: TenantDb,
    private readonly drills: DrillsRepository,
    private readonly traces: TracesRepository,
    @Inject(SETTINGS) private readonly settings: Pick<WorkerSettings, 'sandboxTenants'>,
  ) {}

  /** @throws ToolError TOOL_FAILED, which is counted and traced as the drill's */
  async strike({ ref, node, visit, tool }: Pick<ToolCall, 'ref' | 'node' | 'visit' | 'tool'>): Promise<void> {
    if (!this.settings.sandboxTenants?.includes(ref.tenant_id)) return;
    const drill_id = await this.db.run(ref.tenant_id, async () => {
      const struck = await this.drills.strike(tool);
      if (struck !== null)
        await this.traces.add({
          execution_id: ref.execution_id,
          node,
          visit,
          kind: 'tool',
          name: tool,
          attributes: { code: 'TOOL_FAILED', drill_id: struck },
          started_at: new Date(),
          traceparent: ref.traceparent ?? null,
        });
      return struck;
    });
    if (drill_id !== null) throw new ToolError('TOOL_FAILED', `a drill makes ${tool} fail`, true, { drill_id });
  }
}
