import type { Actor } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { CheckWriter } from './check-writer.js';

/** No version of a tool is called any more, by executions that are under way neither. A new version enables it. */
@Injectable()
export class DisableTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly writer: CheckWriter,
    private readonly audit: AuditRepository,
  ) {}

  /** Again: nothing more happens. @throws ApiError NOT_FOUND, PRIVILEGE_DENIED */
  async run(actor: Actor, name: string): Promise<void> {
    const last = await this.db.run(actor.tenant_id, () => this.tools.last(name));
    if (!last) throw notFound();
    await this.writer.run(actor, 'tool.disable', name, last.definition.min_privilege_level);
    await this.db.run(actor.tenant_id, async () => {
      if ((await this.tools.disable(name)) === 0) return;
      await this.audit.append({
        actor_id: actor.sub,
        action: 'tool.disable',
        resource_type: 'tool',
        resource_id: name,
        outcome: 'allowed',
        details: { version: last.version, level: last.definition.min_privilege_level },
      });
    });
  }
}
