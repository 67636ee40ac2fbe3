import { EventsModule } from '@aumos/agf-events';
import { PersistenceModule } from '@aumos/agf-persistence';
import { artifactStorageOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { type DynamicModule, Module } from '@nestjs/common';
import { ActOnApproval } from './approvals/act-on-approval.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ClaimApproval } from './approvals/claim-approval.js';
import { DecideApproval } from './approvals/decide-approval.js';
import { DelegateApproval } from './approvals/delegate-approval.js';
import { ExpireApproval } from './approvals/expire-approval.js';
import { GetApproval } from './approvals/get-approval.js';
import { JudgeDecider } from './approvals/judge-decider.js';
import { ListApprovals } from './approvals/list-approvals.js';
import { OpenApproval } from './approvals/open-approval.js';
import { ReleaseApproval } from './approvals/release-approval.js';
import { ShowApproval } from './approvals/show-approval.js';
import { TellDecision } from './approvals/tell-decision.js';
import { CommentOnApproval } from './comments/comment-on-approval.js';
import { CommentsController } from './comments/comments.controller.js';
import { ListComments } from './comments/list-comments.js';
import type { ApprovalSettings } from './config.js';
import { EndedExecutionsController } from './consumers/ended-executions.controller.js';
import { DeliverDecision } from './delivery/deliver-decision.js';
import { Sweep } from './delivery/sweep.js';
import { GroupsController } from './groups/groups.controller.js';
import { ManageGroups } from './groups/manage-groups.js';
import { ApprovalHealth } from './health.js';
import { ListPolicies } from './policies/list-policies.js';
import { PoliciesController } from './policies/policies.controller.js';
import { RemovePolicy } from './policies/remove-policy.js';
import { ReplacePolicy } from './policies/replace-policy.js';
import { ApplyStanding } from './standing/apply-standing.js';
import { CreateStanding } from './standing/create-standing.js';
import { ListStanding } from './standing/list-standing.js';
import { RevokeStanding } from './standing/revoke-standing.js';
import { StandingController } from './standing/standing.controller.js';
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
      // What has a name of its own comes before `hitl/:id`.
      controllers: [
        PoliciesController,
        GroupsController,
        StandingController,
        ApprovalsController,
        CommentsController,
        EndedExecutionsController,
      ],
      providers: [
        GetApproval,
        ListApprovals,
        DecideApproval,
        JudgeDecider,
        ShowApproval,
        TellDecision,
        ActOnApproval,
        DelegateApproval,
        ClaimApproval,
        ReleaseApproval,
        CommentOnApproval,
        ListComments,
        ManageGroups,
        ApplyStanding,
        CreateStanding,
        ListStanding,
        RevokeStanding,
        OpenApproval,
        ExpireApproval,
        ListPolicies,
        ReplacePolicy,
        RemovePolicy,
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
