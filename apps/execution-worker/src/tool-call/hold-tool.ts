import { pinTool, askedOf } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import type { ToolChangedError } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';

/** A tool whose server says something else of it: no version of it is called until somebody has looked. */
@Injectable()
export class HoldTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** Of several calls that find it one does so. */
  async run({ ref, node, visit }: ToolCall, { tool, offer, hash }: ToolChangedError): Promise<void> {
    await this.db.run(ref.tenant_id, async () => {
      const last = await this.tools.last(tool.name);
      if (last?.definition.kind !== 'mcp') return;
      const { pin } = last.definition.mcp;
      const pinned = pinTool(askedOf(last.definition), offer);
      const problems = 'definition' in pinned ? [] : 'fields' in pinned ? pinned.fields : pinned.differs;
      const problem =
        problems
          .map(({ field, error }) => `${field} ${error}`)
          .join('; ')
          .slice(0, 2_000) || null;
      const found_at = new Date().toISOString();
      const review = { reason: 'changed', hash, offer: problem === null ? offer : null, problem, found_at } as const;
      if (!(await this.tools.hold(tool.name, tool.version, review))) return;
      await this.audit.append({
        actor_id: ref.initiator,
        action: 'tool.changed',
        resource_type: 'tool',
        resource_id: tool.name,
        outcome: 'denied',
        details: { version: tool.version, pinned: pin.hash, hash, execution_id: ref.execution_id, node, visit },
      });
    });
  }
}
