import { EventsModule } from '@aumos/agf-events';
import { TenantOutgoing } from '@aumos/agf-outgoing';
import { OutgoingRulesRepository, PersistenceModule } from '@aumos/agf-persistence';
import { artifactStorageOf } from '@aumos/agf-platform';
import { RedisModule } from '@aumos/agf-resilience';
import { type DynamicModule, Module } from '@nestjs/common';
import { ActOnApproval } from './approvals/act-on-approval.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ClaimApproval } from './approvals/claim-approval.js';
import { DecideApproval } from './approvals/decide-approval.js';
import { DelegateApproval } from './approvals/delegate-approval.js';
import { EscalateApproval } from './approvals/escalate-approval.js';
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
import { ChannelSecrets } from './channels/channel-secrets.js';
import { ChannelsController } from './channels/channels.controller.js';
import { ReadChannels } from './channels/read-channels.js';
import { TryChannel } from './channels/try-channel.js';
import { WriteChannels } from './channels/write-channels.js';
import { RemindApproval } from './approvals/remind-approval.js';
import { BulkController } from './bulk/bulk.controller.js';
import { DecideInBulk } from './bulk/decide-in-bulk.js';
import { BusinessHoursController } from './business-hours/business-hours.controller.js';
import { ManageBusinessHours } from './business-hours/manage-business-hours.js';
import type { ApprovalSettings } from './config.js';
import { EndedExecutionsController } from './consumers/ended-executions.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { ListDeliveries } from './deliveries/list-deliveries.js';
import { ReplayDelivery } from './deliveries/replay-delivery.js';
import { DeliverDecision } from './delivery/deliver-decision.js';
import { Sweep } from './delivery/sweep.js';
import { GroupsController } from './groups/groups.controller.js';
import { ManageGroups } from './groups/manage-groups.js';
import { ApprovalHealth } from './health.js';
import { ApprovalLinks } from './inbox/approval-links.js';
import { CountInbox } from './inbox/count-inbox.js';
import { InboxController } from './inbox/inbox.controller.js';
import { ReadInbox } from './inbox/read-inbox.js';
import { ReaderOf } from './inbox/reader-of.js';
import { JudgeApprovals } from './people/judge-approvals.js';
import { WatchPeople } from './people/watch-people.js';
import { ListPolicies } from './policies/list-policies.js';
import { PoliciesController } from './policies/policies.controller.js';
import { RemovePolicy } from './policies/remove-policy.js';
import { ReplacePolicy } from './policies/replace-policy.js';
import { ApplyStanding } from './standing/apply-standing.js';
import { CreateStanding } from './standing/create-standing.js';
import { ListStanding } from './standing/list-standing.js';
import { RevokeStanding } from './standing/revoke-standing.js';
import { StandingController } from './standing/standing.controller.js';
import { ApprovalFeed } from './stream/approval-feed.js';
import { FollowApprovals } from './stream/follow-approvals.js';
import { StreamController } from './stream/stream.controller.js';
import { LinkTokens } from './links/link-tokens.js';
import { LinkUrls } from './links/link-urls.js';
import { LinksController } from './links/links.controller.js';
import { ShowLink } from './links/show-link.js';
import { UseLink } from './links/use-link.js';
import { PACE } from './sending/backoff.js';
import { ExpandNotices } from './sending/expand-notices.js';
import { SendDelivery } from './sending/send-delivery.js';
import { Sender } from './sending/sender.js';
import { MAIL_SERVER, mailServerOf, SENDING_PACE } from './sending/settings.js';
import { ManageTemplates } from './templates/manage-templates.js';
import { TemplatesController } from './templates/templates.controller.js';
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
          secretsKey: settings.secretsKey.reveal(),
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
        InboxController,
        StreamController,
        BulkController,
        PoliciesController,
        BusinessHoursController,
        GroupsController,
        StandingController,
        ApprovalsController,
        CommentsController,
        ChannelsController,
        DeliveriesController,
        TemplatesController,
        LinksController,
        EndedExecutionsController,
      ],
      providers: [
        GetApproval,
        ListApprovals,
        ReaderOf,
        ReadInbox,
        CountInbox,
        ApprovalLinks,
        ApprovalFeed,
        FollowApprovals,
        DecideApproval,
        DecideInBulk,
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
        EscalateApproval,
        RemindApproval,
        ManageBusinessHours,
        DeliverDecision,
        Sweep,
        TemporalClient,
        ApprovalWorker,
        Activities,
        ApprovalHealth,
        ChannelSecrets,
        ReadChannels,
        WriteChannels,
        TryChannel,
        ListDeliveries,
        ReplayDelivery,
        ManageTemplates,
        LinkTokens,
        LinkUrls,
        ShowLink,
        UseLink,
        ExpandNotices,
        SendDelivery,
        Sender,
        JudgeApprovals,
        WatchPeople,
        { provide: SENDING_PACE, useValue: PACE },
        { provide: MAIL_SERVER, useValue: mailServerOf(settings) },
        {
          provide: TenantOutgoing,
          useFactory: (rules: OutgoingRulesRepository) =>
            new TenantOutgoing((tenant) => rules.onlyOf(tenant), { allow: { internal: settings.outgoingAllow } }),
          inject: [OutgoingRulesRepository],
        },
      ],
    };
  }
}
