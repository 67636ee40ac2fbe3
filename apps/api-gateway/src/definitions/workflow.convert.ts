import type { WorkflowEntity, WorkflowVersionEntity } from '@aumos/agf-persistence';
import type { VersionView, WorkflowDetailView, WorkflowView } from './workflow.view.js';

export const workflowView = (row: WorkflowEntity): WorkflowView => ({
  id: row.id,
  tenant_id: row.tenant_id,
  name: row.name,
  description: row.description,
  version: row.latest_version,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const workflowDetailView = (row: WorkflowEntity, version: WorkflowVersionEntity): WorkflowDetailView => ({
  ...workflowView(row),
  graph_definition: version.definition,
  content_hash: version.content_hash,
  warnings: version.warnings,
});

export const versionView = (row: WorkflowVersionEntity): VersionView => ({
  workflow_id: row.workflow_id,
  version: row.version,
  graph_definition: row.definition,
  content_hash: row.content_hash,
  warnings: row.warnings,
  called_versions: row.called_versions,
  published_by: row.published_by,
  created_at: row.created_at.toISOString(),
});
