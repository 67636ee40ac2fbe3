import { TenantOutgoing } from '@aumos/agf-outgoing';
import { OutgoingRulesRepository, PersistenceModule, SecretBox, ToolsRepository } from '@aumos/agf-persistence';
import { artifactStorageOf, sessionOptionsOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { SessionsModule } from '@aumos/agf-sessions';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { type DynamicModule, Module } from '@nestjs/common';
import { DecideElevation } from './agents/elevations/decide-elevation.js';
import { ElevationsController } from './agents/elevations/elevations.controller.js';
import { ReadElevations } from './agents/elevations/read-elevations.js';
import { RequestElevation } from './agents/elevations/request-elevation.js';
import { RevokeElevation } from './agents/elevations/revoke-elevation.js';
import { AgentsController } from './agents/agents.controller.js';
import { ManageMembers } from './members/manage-members.js';
import { MembersController } from './members/members.controller.js';
import { OwnLevel } from './members/own-level.js';
import { AgentAuthority } from './agents/agent-authority.js';
import { ChangeAgent } from './agents/change-agent.js';
import { CreateAgent } from './agents/create-agent.js';
import { InvokeAgent } from './agents/invoke-agent.js';
import { SessionOfInvocation } from './agents/session-of-invocation.js';
import { WorkflowOfAgent } from './agents/workflow-of-agent.js';
import { AwaitExecution } from './executions/await-execution.js';
import { ReadAgents } from './agents/read-agents.js';
import { ReadSessions } from './agents/sessions/read-sessions.js';
import { RemoveSessions } from './agents/sessions/remove-sessions.js';
import { SessionsController } from './agents/sessions/sessions.controller.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { ManageArtifacts } from './artifacts/manage-artifacts.js';
import { AuditController } from './audit/audit.controller.js';
import { ExportAudit } from './audit/export-audit.js';
import { ReadAudit } from './audit/read-audit.js';
import type { GatewaySettings } from './config.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { WriteConnections } from './connections/write-connections.js';
import { AnalysisController } from './definitions/analysis.controller.js';
import { CompareVersions } from './definitions/compare/compare-versions.js';
import { ComparisonLimits } from './definitions/compare/comparison-limits.js';
import { ComparisonTurns } from './definitions/compare/comparison-turns.js';
import { RecordedExecutions } from './definitions/compare/recorded-executions.js';
import { FindBlastRadius } from './definitions/blast-radius/find-blast-radius.js';
import { CalledWorkflows } from './definitions/called-workflows.js';
import { CheckDefinition } from './definitions/check-definition.js';
import { PublishCatalog } from './definitions/definition-catalog.js';
import { PublishVersion } from './definitions/publish-version.js';
import { PublishWorkflow } from './definitions/publish-workflow.js';
import { ReadWorkflows } from './definitions/read-workflows.js';
import { SimulateWorkflow } from './definitions/simulate/simulate-workflow.js';
import { ValidateWorkflow } from './definitions/validate-workflow.js';
import { WorkflowsController } from './definitions/workflows.controller.js';
import { AnewController } from './executions/anew/anew.controller.js';
import { ForkExecution } from './executions/anew/fork-execution.js';
import { MakeExecutionOf } from './executions/anew/make-execution-of.js';
import { ReplayExecution } from './executions/anew/replay-execution.js';
import { RetryExecution } from './executions/anew/retry-execution.js';
import { WhereItBegan } from './executions/anew/where-it-began.js';
import { AuditBulk } from './executions/bulk/audit-bulk.js';
import { BulkCancel } from './executions/bulk/bulk-cancel.js';
import { BulkRetry } from './executions/bulk/bulk-retry.js';
import { BulkController } from './executions/bulk/bulk.controller.js';
import { SelectExecutions } from './executions/bulk/select-executions.js';
import { CancelExecution } from './executions/cancel-execution.js';
import { CheckpointsController } from './executions/checkpoints/checkpoints.controller.js';
import { ReadCheckpoints } from './executions/checkpoints/read-checkpoints.js';
import { ControlController } from './executions/control/control.controller.js';
import { PauseExecution } from './executions/control/pause-execution.js';
import { SendSignal } from './executions/control/send-signal.js';
import { DispatchHints } from './executions/dispatch-hints.js';
import { ExecutionsController } from './executions/executions.controller.js';
import { ReadExecutions } from './executions/read-executions.js';
import { StartExecution } from './executions/start-execution.js';
import { FollowExecution } from './executions/stream/follow-execution.js';
import { LogNudges } from './executions/stream/log-nudges.js';
import { StreamController } from './executions/stream/stream.controller.js';
import { WorkflowExecutionsController } from './executions/workflow-executions.controller.js';
import { GatewayHealth } from './health.js';
import { ManageOutgoingRules } from './outgoing/manage-outgoing-rules.js';
import { OutgoingRulesController } from './outgoing/outgoing-rules.controller.js';
import { ReadSecrets } from './secrets/read-secrets.js';
import { SecretsController } from './secrets/secrets.controller.js';
import { WriteSecrets } from './secrets/write-secrets.js';
import { BuiltinToolsController } from './tools/builtin-tools.controller.js';
import { CheckWriter } from './tools/check-writer.js';
import { CompleteTool } from './tools/complete-tool.js';
import { DisableTool } from './tools/disable-tool.js';
import { ReadTools } from './tools/read-tools.js';
import { RegisterTool } from './tools/register-tool.js';
import { ReviewTool } from './tools/review-tool.js';
import { ReviseTool } from './tools/revise-tool.js';
import { ToolsController } from './tools/tools.controller.js';

export const NAME = 'api-gateway';

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    const sessionKeys = settings.sessionEncryptionKeys?.reveal();
    return {
      module: GatewayModule,
      imports: [
        RedisModule.for({ url: settings.redisUrl, clientName: NAME }),
        SessionsModule.for({
          url: settings.redisUrl,
          clientName: NAME,
          ...sessionOptionsOf(settings),
          ...(sessionKeys === undefined ? {} : { cipher: SecretBox.fromBase64(sessionKeys) }),
        }),
        PersistenceModule.for({
          databaseUrl: settings.databaseUrl,
          secretsKey: settings.secretsKey.reveal(),
          artifacts: artifactStorageOf(settings),
          applicationName: NAME,
          poolSize: 30,
        }),
      ],
      controllers: [
        AgentsController,
        ElevationsController,
        SessionsController,
        WorkflowsController,
        AnalysisController,
        WorkflowExecutionsController,
        ExecutionsController,
        AnewController,
        BulkController,
        CheckpointsController,
        ControlController,
        StreamController,
        ArtifactsController,
        BuiltinToolsController,
        ToolsController,
        MembersController,
        AuditController,
        SecretsController,
        OutgoingRulesController,
        ConnectionsController,
      ],
      providers: [
        { provide: BuiltinTools, useFactory: () => new BuiltinTools() },
        {
          provide: ToolCatalog,
          useFactory: (builtin: BuiltinTools, registry: ToolsRepository) => new ToolCatalog(builtin, registry),
          inject: [BuiltinTools, ToolsRepository],
        },
        {
          provide: TenantOutgoing,
          useFactory: (rules: OutgoingRulesRepository) =>
            new TenantOutgoing((tenant) => rules.onlyOf(tenant), { allow: { internal: settings.outgoingAllow } }),
          inject: [OutgoingRulesRepository],
        },
        ManageOutgoingRules,
        CheckWriter,
        CompleteTool,
        ReviewTool,
        RegisterTool,
        ReviseTool,
        DisableTool,
        ReadTools,
        ReadSecrets,
        WriteSecrets,
        WriteConnections,
        OwnLevel,
        ManageMembers,
        AgentAuthority,
        CreateAgent,
        ChangeAgent,
        SessionOfInvocation,
        WorkflowOfAgent,
        InvokeAgent,
        AwaitExecution,
        ReadAgents,
        ReadElevations,
        RequestElevation,
        DecideElevation,
        RevokeElevation,
        ReadSessions,
        RemoveSessions,
        CalledWorkflows,
        PublishCatalog,
        CheckDefinition,
        ValidateWorkflow,
        PublishWorkflow,
        PublishVersion,
        ReadWorkflows,
        SimulateWorkflow,
        FindBlastRadius,
        CompareVersions,
        ComparisonLimits,
        ComparisonTurns,
        RecordedExecutions,
        DispatchHints,
        StartExecution,
        CancelExecution,
        WhereItBegan,
        MakeExecutionOf,
        RetryExecution,
        ForkExecution,
        ReplayExecution,
        ReadCheckpoints,
        SelectExecutions,
        AuditBulk,
        BulkCancel,
        BulkRetry,
        PauseExecution,
        SendSignal,
        ReadExecutions,
        LogNudges,
        FollowExecution,
        ManageArtifacts,
        ReadAudit,
        ExportAudit,
        GatewayHealth,
      ],
    };
  }
}
