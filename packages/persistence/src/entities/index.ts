import { AgentEntity, AgentVersionEntity } from './agent.entity.js';
import { ApprovalChangeEntity } from './approval-change.entity.js';
import { ApprovalCommentEntity } from './approval-comment.entity.js';
import { ApproverGroupEntity } from './approver-group.entity.js';
import { ApprovalDecisionEntity, ApprovalEntity } from './approval.entity.js';
import { ArtifactChunkEntity, ArtifactEntity } from './artifact.entity.js';
import { AuditEntity } from './audit.entity.js';
import { BudgetReservationEntity } from './budget.entity.js';
import { BreakerEntity, BreakerTransitionEntity } from './breaker.entity.js';
import { BreakerSettingsEntity } from './breaker-settings.entity.js';
import { BreakerIsolationEntity } from './breaker-isolation.entity.js';
import { CallStatisticsEntity } from './call-statistics.entity.js';
import { ChannelEntity, ChannelTemplateEntity, DecisionLinkEntity, DeliveryEntity } from './channel.entity.js';
import { ConnectionEntity, SecretEntity } from './connection.entity.js';
import { DrillEntity } from './drill.entity.js';
import { ElevationEntity, ElevationVoteEntity } from './elevation.entity.js';
import { InboxEntity, OutboxEntity } from './event.entity.js';
import { ExecutionCommandEntity } from './execution-command.entity.js';
import { ExecutionEventEntity } from './execution-event.entity.js';
import { ExecutionEntity, ExecutionPauseEntity } from './execution.entity.js';
import { GatePolicyEntity } from './gate-policy.entity.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { MemberEntity } from './member.entity.js';
import { MemoryEntity } from './memory.entity.js';
import { BusinessHoursEntity } from './business-hours.entity.js';
import { NoticeEntity } from './notice.entity.js';
import { PeopleChangeEntity } from './people-change.entity.js';
import { OutgoingRulesEntity } from './outgoing-rules.entity.js';
import { PayloadEntity } from './payload.entity.js';
import { StandingApprovalEntity } from './standing-approval.entity.js';
import { StepEntity } from './step.entity.js';
import { TenantEntity, TenantQuotaEntity } from './tenant.entity.js';
import { ToolEntity } from './tool.entity.js';
import { TraceEntity } from './trace.entity.js';
import { VisitEntity } from './visit.entity.js';
import { WorkflowOutcomesEntity } from './workflow-outcomes.entity.js';
import { WorkflowEntity, WorkflowVersionEntity } from './workflow.entity.js';

export const ENTITIES = [
  TenantEntity,
  TenantQuotaEntity,
  MemberEntity,
  WorkflowEntity,
  WorkflowVersionEntity,
  SecretEntity,
  ConnectionEntity,
  ArtifactEntity,
  ArtifactChunkEntity,
  ExecutionEntity,
  ExecutionPauseEntity,
  ExecutionEventEntity,
  StepEntity,
  ExecutionCommandEntity,
  VisitEntity,
  TraceEntity,
  ApprovalEntity,
  ApprovalDecisionEntity,
  ApprovalCommentEntity,
  ApprovalChangeEntity,
  ApproverGroupEntity,
  StandingApprovalEntity,
  BreakerEntity,
  BreakerTransitionEntity,
  WorkflowOutcomesEntity,
  IdempotencyKeyEntity,
  OutboxEntity,
  InboxEntity,
  AuditEntity,
  PayloadEntity,
  AgentEntity,
  AgentVersionEntity,
  ElevationEntity,
  ElevationVoteEntity,
  MemoryEntity,
  BudgetReservationEntity,
  ToolEntity,
  NoticeEntity,
  PeopleChangeEntity,
  GatePolicyEntity,
  ChannelEntity,
  DeliveryEntity,
  ChannelTemplateEntity,
  DecisionLinkEntity,
  BusinessHoursEntity,
  OutgoingRulesEntity,
  BreakerSettingsEntity,
  BreakerIsolationEntity,
  CallStatisticsEntity,
  DrillEntity,
];

export * from './agent.entity.js';
export * from './approval.entity.js';
export * from './approval-change.entity.js';
export * from './approval-comment.entity.js';
export * from './approver-group.entity.js';
export * from './artifact.entity.js';
export * from './audit.entity.js';
export * from './breaker.entity.js';
export * from './breaker-settings.entity.js';
export * from './breaker-isolation.entity.js';
export * from './call-statistics.entity.js';
export * from './channel.entity.js';
export * from './budget.entity.js';
export * from './connection.entity.js';
export * from './drill.entity.js';
export * from './elevation.entity.js';
export * from './event.entity.js';
export * from './business-hours.entity.js';
export * from './execution.entity.js';
export * from './execution-command.entity.js';
export * from './execution-event.entity.js';
export * from './gate-policy.entity.js';
export * from './idempotency-key.entity.js';
export * from './member.entity.js';
export * from './memory.entity.js';
export * from './notice.entity.js';
export * from './people-change.entity.js';
export * from './outgoing-rules.entity.js';
export * from './payload.entity.js';
export * from './standing-approval.entity.js';
export * from './step.entity.js';
export * from './tenant.entity.js';
export * from './tool.entity.js';
export * from './trace.entity.js';
export * from './visit.entity.js';
export * from './workflow.entity.js';
export * from './workflow-outcomes.entity.js';
