import { type Actor, ApiError, type PrivilegeLevel } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolSecretsRepository, ToolsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { BuiltinTools } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { CheckWriter } from './check-writer.js';
import { checkedTool, checkSecrets, invalid } from './checked-tool.js';
import { type RegisteredToolView, registeredToolView } from './registered-tool.view.js';
import { contentHash } from './register-tool.js';
import type { ReviseToolDto } from './tool.dto.js';

/** The next version of a tool, enabled. Executions that are under way stay with theirs, at the higher of both levels. */
@Injectable()
export class ReviseTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly secrets: ToolSecretsRepository,
    private readonly builtin: BuiltinTools,
    private readonly writer: CheckWriter,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, PRIVILEGE_DENIED, CONFLICT when somebody else does so at this moment */
  async run(actor: Actor, name: string, body: ReviseToolDto): Promise<RegisteredToolView> {
    const last = await this.db.run(actor.tenant_id, () => this.tools.last(name));
    if (!last) throw notFound();
    if (body.name !== undefined && body.name !== name) throw invalid([{ field: 'name', error: `must be ${name}` }]);
    const definition = checkedTool({ ...body, name }, new Set(this.builtin.specs.keys()));
    const level = definition.min_privilege_level;
    const need = Math.max(level, last.definition.min_privilege_level) as PrivilegeLevel;
    await this.writer.run(actor, 'tool.revise', name, need);
    return this.db.run(actor.tenant_id, async () => {
      await checkSecrets(definition, this.secrets);
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
          level_before: last.definition.min_privilege_level,
          content_hash: contentHash(definition),
        },
      });
      return registeredToolView(made);
    });
  }
}
