import { effectKey, type ToolContext } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { TenantOutgoing } from '@aumos/agf-outgoing';
import {
  ArtifactStore,
  ChangeConnections,
  ConnectionsRepository,
  SecretsRepository,
  TenantDb,
  TenantSecrets,
  ToolSecretsRepository,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { CallModels } from '../model-call/call-models.js';
import { ExecutionArtifacts } from './execution-artifacts.js';
import { ExecutionConnectionAdmin } from './execution-connection-admin.js';
import { ExecutionConnections } from './execution-connections.js';
import { StartByTool } from './start-by-tool.js';

/** Makes what a tool is handed for one call: ports bound to the call's tenant, and the visit's effect key. */
@Injectable()
export class ToolContexts {
  constructor(
    private readonly db: TenantDb,
    private readonly artifacts: ArtifactStore,
    private readonly connections: ConnectionsRepository,
    private readonly secrets: SecretsRepository,
    private readonly toolSecrets: ToolSecretsRepository,
    private readonly outgoing: TenantOutgoing,
    private readonly changes: ChangeConnections,
    private readonly starts: StartByTool,
    private readonly models: CallModels,
  ) {}

  of(call: ToolCall): ToolContext {
    const activity = Context.current();
    const { tenant_id, execution_id } = call.ref;
    return {
      tenant_id,
      execution_id,
      node: call.node,
      visit: call.visit,
      effect_key: effectKey(execution_id, call.node, call.visit),
      signal: activity.cancellationSignal,
      heartbeat: (details) => activity.heartbeat(details),
      artifacts: new ExecutionArtifacts(this.artifacts, tenant_id),
      connections: new ExecutionConnections(this.db, this.connections, this.secrets, this.toolSecrets, tenant_id),
      connectionAdmin: new ExecutionConnectionAdmin(this.changes, { tenant_id, sub: call.ref.initiator }),
      executions: { start: (order) => this.starts.run(call, order) },
      models: { use: (need, work) => this.models.use(call, need, activity.cancellationSignal, work) },
      secrets: new TenantSecrets(this.db, this.toolSecrets, tenant_id),
      outgoing: this.outgoing.of(tenant_id),
    };
  }
}
