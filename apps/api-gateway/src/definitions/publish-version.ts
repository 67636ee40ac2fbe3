import { type Actor, ApiError, type PublicationBody } from '@aumos/agf-domain';
import { AuditRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { CheckDefinition } from './check-definition.js';
import { versionView } from './workflow.convert.js';
import type { VersionView } from './workflow.view.js';

/** The next version of a workflow. Executions that run stay with theirs. */
@Injectable()
export class PublishVersion {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly audit: AuditRepository,
    private readonly check: CheckDefinition,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_DEFINITION, VALIDATION_ERROR when the name is another one */
  async run(actor: Actor, workflowId: string, body: PublicationBody): Promise<VersionView> {
    const workflow = await this.db.run(actor.tenant_id, () => this.definitions.get(workflowId));
    if (!workflow) throw notFound();
    const checked = await this.check.publishable(actor.tenant_id, body);
    if (checked.definition.name !== workflow.name)
      throw new ApiError('VALIDATION_ERROR', 'A version keeps the name of its workflow.', {
        fields: [{ field: 'graph_definition.name', error: `must be ${workflow.name}` }],
      });
    return this.db.run(actor.tenant_id, async () => {
      const version = await this.definitions.addVersion(workflowId, { ...checked, published_by: actor.sub });
      if (!version) throw notFound();
      await this.audit.append({
        actor_id: actor.sub,
        action: 'workflow.publish',
        resource_type: 'workflow',
        resource_id: workflowId,
        outcome: 'allowed',
        details: { version: version.version, content_hash: checked.content_hash },
      });
      return versionView(version);
    });
  }
}
