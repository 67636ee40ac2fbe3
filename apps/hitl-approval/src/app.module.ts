import { EventsModule } from '@aumos/agf-events';
import { PersistenceModule } from '@aumos/agf-persistence';
import { artifactStorageOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { DecideApproval } from './approvals/decide-approval.js';
import { EscalateApproval } from './approvals/escalate-approval.js';
import { ExpireApproval } from './approvals/expire-approval.js';
import { GetApproval } from './approvals/get-approval.js';
import { ListApprovals } from './approvals/list-approvals.js';
import { OpenApproval } from './approvals/open-approval.js';
import { RemindApproval } from './approvals/remind-approval.js';
import { BusinessHoursController } from './business-hours/business-hours.controller.js';
import { ManageBusinessHours } from './business-hours/manage-business-hours.js';
import type { ApprovalSettings } from './config.js';
import { EndedExecutionsController } from './consumers/ended-executions.controller.js';
import { DeliverDecision } from './delivery/deliver-decision.js';
import { Sweep } from './delivery/sweep.js';
import { ApprovalHealth } from './health.js';
import { Activities } from './temporal/approval-activities.js';
import { ApprovalWorker } from './temporal/approval-worker.js';
import { TemporalClient } from './temporal/temporal-client.js';

export const NAME = 'hitl-approval';

@Module({})
export class ApprovalModule {
  static with(settings: ApprovalSettings): DynamicModule {
    return {
      module: ApprovalModule,
      imports: [
        RedisModule.for({ url: settings.redisUrl, clientName: NAME }),
        PersistenceModule.for({
          databaseUrl: settings.databaseUrl,
          sweeperDatabaseUrl: settings.sweeperDatabaseUrl,
          artifacts: artifactStorageOf(settings),
          applicationName: NAME,
        }),
        EventsModule.for({
          relayDatabaseUrl: settings.relayDatabaseUrl,
          brokers: [...settings.kafkaBrokers],
          topicPrefix: settings.kafkaTopicPrefix,
          replicationFactor: settings.kafkaReplicationFactor,
          clientId: NAME,
        }),
      ],
      controllers: [BusinessHoursController, ApprovalsController, EndedExecutionsController],
      providers: [
        GetApproval,
        ListApprovals,
        DecideApproval,
        OpenApproval,
        ExpireApproval,
        EscalateApproval,
        RemindApproval,
        ManageBusinessHours,
        DeliverDecision,
        Sweep,
        TemporalClient,
        ApprovalWorker,
        Activities,
        ApprovalHealth,
      ],
    };
  }
}
