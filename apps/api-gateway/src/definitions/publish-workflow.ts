import { type Actor, ApiError, type PublicationBody } from '@aumos/agf-domain';
import { AuditRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { CheckDefinition } from './check-definition.js';
import { workflowDetailView } from './workflow.convert.js';
import type { WorkflowDetailView } from './workflow.view.js';

/** Version 1 of a new workflow. */
@Injectable()
export class PublishWorkflow {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly audit: AuditRepository,
    private readonly check: CheckDefinition,
  ) {}

  /** @throws ApiError INVALID_DEFINITION, CONFLICT when the tenant has the name */
  async run(actor: Actor, body: PublicationBody): Promise<WorkflowDetailView> {
    const checked = await this.check.publishable(actor.tenant_id, body);
    const { name, description = null } = checked.definition;
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.definitions.createWithVersion(
        { name, description, created_by: actor.sub },
        { ...checked, published_by: actor.sub },
      );
      if (!made) throw new ApiError('CONFLICT', `There is a workflow called ${name}.`, { name });
      await this.audit.append({
        actor_id: actor.sub,
        action: 'workflow.publish',
        resource_type: 'workflow',
        resource_id: made.workflow.id,
        outcome: 'allowed',
        details: { version: 1, content_hash: checked.content_hash },
      });
      return workflowDetailView(made.workflow, made.version);
    });
  }
}
