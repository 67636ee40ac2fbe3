import { randomUUID } from 'node:crypto';
import { DefinitionsRepository, ExecutionsRepository, type TenantDb } from '@aumos/agf-persistence';

/** @returns the id of a pending execution, of a workflow of its own that does nothing */
export async function anExecution(db: TenantDb, tenant: string): Promise<string> {
  const name = `flow-${randomUUID()}`;
  const definition = { schema: 'agf/workflow/v1' as const, name, nodes: [], edges: [] };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await db.run(tenant, () =>
    new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version),
  );
  const id = randomUUID();
  const row = { id, workflow_id: made!.workflow.id, workflow_version: 1, input_data: null, initiator: 'dev' };
  const more = { temporal_workflow_id: id, initiator_level: 5, initiator_roles: [], correlation_id: id } as const;
  await new ExecutionsRepository(db).accept(tenant, { ...row, ...more }, { defaultLimit: 1000 });
  return id;
}
