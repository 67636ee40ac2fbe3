import { type Actor, ApiError, canonicalJson, sha256Hex, type ToolDefinition } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { CompleteTool } from './complete-tool.js';
import { type RegisteredToolView, registeredToolView } from './registered-tool.view.js';
import type { RegisterToolDto } from './tool.dto.js';

/** Version 1 of a new tool of the tenant. */
@Injectable()
export class RegisterTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly complete: CompleteTool,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, TOOL_DIFFERS, BAD_GATEWAY, CONFLICT when the tenant has the name, or had it */
  async run(actor: Actor, body: RegisterToolDto): Promise<RegisteredToolView> {
    const definition = await this.complete.of(actor, 'tool.register', body, 1);
    const { name, min_privilege_level } = definition;
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.tools.create(definition, actor.sub);
      if (!made) throw new ApiError('CONFLICT', `There is a tool called ${name}, or there was.`, { name });
      await this.audit.append({
        actor_id: actor.sub,
        action: 'tool.register',
        resource_type: 'tool',
        resource_id: name,
        outcome: 'allowed',
        details: { version: 1, level: min_privilege_level, content_hash: contentHash(definition) },
      });
      return registeredToolView(made);
    });
  }
}

export const contentHash = (definition: ToolDefinition): string => sha256Hex(canonicalJson({ ...definition }));
