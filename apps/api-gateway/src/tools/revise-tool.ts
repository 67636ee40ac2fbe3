import { type Actor, ApiError, invalidField } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { CompleteTool } from './complete-tool.js';
import { type RegisteredToolView, registeredToolView } from './registered-tool.view.js';
import { contentHash } from './register-tool.js';
import type { ReviseToolDto } from './tool.dto.js';

/** The next version of a tool, enabled. Calls from now on are of it, also those of executions that are under way. */
@Injectable()
export class ReviseTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly complete: CompleteTool,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, PRIVILEGE_DENIED, TOOL_DIFFERS, BAD_GATEWAY, CONFLICT when somebody else does so at this moment */
  async run(actor: Actor, name: string, body: ReviseToolDto): Promise<RegisteredToolView> {
    const last = await this.db.run(actor.tenant_id, () => this.tools.last(name));
    if (!last) throw notFound();
    if (body.name !== undefined && body.name !== name) throw invalidField('name', `must be ${name}`);
    const before = last.definition.min_privilege_level;
    const definition = await this.complete.of(actor, 'tool.revise', { ...body, name }, before);
    const level = definition.min_privilege_level;
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.tools.addVersion(definition, actor.sub, last.version);
      if (!made) throw new ApiError('CONFLICT', `Somebody else has just changed ${name}.`, { name });
      await this.audit.append({
        actor_id: actor.sub,
        action: 'tool.revise',
        resource_type: 'tool',
        resource_id: name,
        outcome: 'allowed',
        details: {
          version: made.version,
          level,
          level_before: before,
          content_hash: contentHash(definition),
        },
      });
      return registeredToolView(made);
    });
  }
}
