import type { ExecutionRef } from '@aumos/agf-engine/common';
import type { ExecutionEntity } from '@aumos/agf-persistence';

/** How activities name the execution of a row. */
export const refOf = (execution: ExecutionEntity, workflow_name: string): ExecutionRef => ({
  tenant_id: execution.tenant_id,
  execution_id: execution.id,
  workflow_id: execution.workflow_id,
  workflow_name,
  version: execution.workflow_version,
  initiator: execution.initiator,
  ...(execution.traceparent ? { traceparent: execution.traceparent } : {}),
});
