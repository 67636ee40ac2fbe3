import { EventsModule } from '@aumos/agf-events';
import { TenantOutgoing } from '@aumos/agf-outgoing';
import { OutgoingRulesRepository, PersistenceModule, SecretBox, ToolsRepository } from '@aumos/agf-persistence';
import { artifactStorageOf, sessionOptionsOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { SessionsModule } from '@aumos/agf-sessions';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { type DynamicModule, Module } from '@nestjs/common';
import { BreakerChain } from './breakers/breaker-chain.js';
import { BreakerConfigs } from './breakers/breaker-configs.js';
import { CalledVersions } from './children/called-version.js';
import { NoteChild } from './children/note-child.js';
import { OpenChild } from './children/open-child.js';
import type { WorkerSettings } from './config.js';
import { HitlTracesController } from './consumers/hitl-traces.controller.js';
import { DeliverCancel } from './dispatch/deliver-cancel.js';
import { DeliverCommands } from './dispatch/deliver-commands.js';
import { DispatchExecution } from './dispatch/dispatch-execution.js';
import { AgentsOf } from './dispatch/agents-of.js';
import { HintListener } from './dispatch/hint-listener.js';
import { MemoryOfInvocation } from './dispatch/memory-of-invocation.js';
import { RefuseStart } from './dispatch/refuse-start.js';
import { Reconcile } from './dispatch/reconcile.js';
import { ResumeFrom } from './dispatch/resume-from.js';
import { Sweep } from './dispatch/sweep.js';
import { AncestorPauses } from './execution/ancestor-pauses.js';
import { CloseAbandoned } from './execution/close-abandoned.js';
import { CloseOrphan } from './execution/close-orphan.js';
import { ExecutionLog } from './execution/execution-log.js';
import { RecordOutcome } from './execution/record-outcome.js';
import { RecordPaused } from './execution/record-paused.js';
import { RecordResumed } from './execution/record-resumed.js';
import { RecordStarted } from './execution/record-started.js';
import { RecordVisits } from './execution/record-visits.js';
import { RecordWaiting } from './execution/record-waiting.js';
import { AdmitFunction } from './function-call/admit-function.js';
import { loadHandlers } from './function-call/load-handlers.js';
import { LocalHandlers } from './function-call/local-handlers.js';
import { RunLocalFunction } from './function-call/run-local-function.js';
import { SettleFunction } from './function-call/settle-function.js';
import { WorkerHealth } from './health.js';
import { Housekeeping } from './housekeeping/housekeeping.js';
import { RemoveOld } from './housekeeping/remove-old.js';
import { AdmitTurn } from './model-call/admit-turn.js';
import { AgentMemories } from './model-call/agent-memories.js';
import { BeginTurn } from './model-call/begin-turn.js';
import { CallModels } from './model-call/call-models.js';
import { CallModel } from './model-call/call-model.js';
import { ModelBudget } from './model-call/model-budget.js';
import { Conversation } from './model-call/conversation.js';
import { ModelEndpoint } from './model-call/model-endpoint.js';
import { Remember } from './model-call/remember.js';
import { SettleTurn } from './model-call/settle-turn.js';
import { TellTokens } from './model-call/tell-tokens.js';
import { RunSegment } from './segment/run-segment.js';
import { SegmentDesk } from './segment/segment-desk.js';
import { Activities } from './temporal/execution-activities.js';
import { nativeConnection } from './temporal/native-connection.js';
import { TemporalClient } from './temporal/temporal-client.js';
import { TemporalWorker } from './temporal/temporal-worker.js';
import { ActingAgents } from './tool-call/acting-agent.js';
import { ConsumeApproval } from './tool-call/consume-approval.js';
import { DenyCall } from './tool-call/deny-call.js';
import { RefuseCall } from './tool-call/refuse-call.js';
import { RunToolCall } from './tool-call/run-tool-call.js';
import { HoldTool } from './tool-call/hold-tool.js';
import { LargeResults } from './tool-call/large-results.js';
import { SettleTool } from './tool-call/settle-tool.js';
import { StartByTool } from './tool-call/start-by-tool.js';
import { ToolContexts } from './tool-call/tool-contexts.js';
import { ToolDrills } from './tool-call/tool-drills.js';
import { ToolRate } from './tool-call/tool-rate.js';

export const NAME = 'execution-worker';

@Module({})
export class WorkerModule {
  static with(settings: WorkerSettings): DynamicModule {
    const sessionKeys = settings.sessionEncryptionKeys?.reveal();
    return {
      module: WorkerModule,
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
          sweeperDatabaseUrl: settings.sweeperDatabaseUrl,
          secretsKey: settings.secretsKey.reveal(),
          artifacts: artifactStorageOf(settings),
          applicationName: NAME,
          poolSize: 30,
        }),
        EventsModule.for({
          relayDatabaseUrl: settings.relayDatabaseUrl,
          brokers: [...settings.kafkaBrokers],
          topicPrefix: settings.kafkaTopicPrefix,
          replicationFactor: settings.kafkaReplicationFactor,
          clientId: NAME,
        }),
      ],
      controllers: [HitlTracesController],
      providers: [
        {
          provide: ToolCatalog,
          useFactory: (registry: ToolsRepository) => new ToolCatalog(new BuiltinTools(), registry),
          inject: [ToolsRepository],
        },
        nativeConnection,
        TemporalClient,
        TemporalWorker,
        Activities,
        ExecutionLog,
        RecordStarted,
        RecordVisits,
        RecordPaused,
        RecordResumed,
        RecordWaiting,
        RecordOutcome,
        AncestorPauses,
        RunToolCall,
        CallModel,
        AgentMemories,
        BeginTurn,
        AdmitTurn,
        SettleTurn,
        Remember,
        ModelBudget,
        CallModels,
        Conversation,
        ModelEndpoint,
        TellTokens,
        ActingAgents,
        AgentsOf,
        MemoryOfInvocation,
        OpenChild,
        CalledVersions,
        NoteChild,
        BreakerConfigs,
        BreakerChain,
        DenyCall,
        RefuseCall,
        ConsumeApproval,
        AdmitFunction,
        SettleFunction,
        RunLocalFunction,
        SegmentDesk,
        RunSegment,
        {
          provide: LocalHandlers,
          useFactory: async () => new LocalHandlers(await loadHandlers(settings.handlerModules ?? [])),
        },
        {
          provide: TenantOutgoing,
          useFactory: (rules: OutgoingRulesRepository) =>
            new TenantOutgoing((tenant) => rules.onlyOf(tenant), { allow: { internal: settings.outgoingAllow } }),
          inject: [OutgoingRulesRepository],
        },
        HoldTool,
        LargeResults,
        SettleTool,
        StartByTool,
        ToolContexts,
        ToolDrills,
        ToolRate,
        ResumeFrom,
        RefuseStart,
        DispatchExecution,
        DeliverCancel,
        DeliverCommands,
        CloseAbandoned,
        CloseOrphan,
        Reconcile,
        HintListener,
        Sweep,
        RemoveOld,
        Housekeeping,
        WorkerHealth,
      ],
    };
  }
}
