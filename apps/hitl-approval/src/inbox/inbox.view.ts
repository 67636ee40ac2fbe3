import { type MayNotDecide } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApprovalView } from '../approvals/approval.view.js';

/** `decided`: they have voted. `expired`: its time is over. */
const REASONS = [
  ...(['requester', 'editor', 'excluded', 'role', 'level', 'delegated', 'approvers'] satisfies MayNotDecide[]),
  'decided',
  'expired',
] as const;

export class CallerView {
  @ApiProperty({ description: 'the caller decides it now, unless somebody else works on it' }) may_decide: boolean;
  @ApiPropertyOptional({ description: 'by which they may: role:approver, group:<name>, delegated:<sub>' })
  rule?: string;
  @ApiPropertyOptional({ enum: REASONS, description: 'why they may not' })
  reason?: (typeof REASONS)[number];
}

export class LinksView {
  @ApiProperty({ description: 'this approval, by the API' }) self: string;
  @ApiProperty({ type: String, nullable: true, description: 'where one decides; null: no console is set' })
  page: string | null;
  @ApiProperty({ description: 'its execution, by the API' }) execution: string;
}

export class InboxItemView extends ApprovalView {
  @ApiProperty({ type: String, nullable: true }) workflow_name: string | null;
  @ApiProperty({ type: CallerView }) me: CallerView;
  @ApiProperty({ type: LinksView }) links: LinksView;
}

const count = { type: 'integer', minimum: 0 } as const;

export class WorkflowCountView {
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ type: String, nullable: true }) workflow_name: string | null;
  @ApiProperty(count) total: number;
}

export class LevelCountView {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: number;
  @ApiProperty(count) total: number;
}

export class GroupCountView {
  @ApiProperty() group: string;
  @ApiProperty(count) total: number;
}

export class CountsView {
  @ApiProperty(count) total: number;
  @ApiProperty({ ...count, description: 'within an hour, or over already' }) expiring: number;
  @ApiProperty({ ...count, description: 'the caller works on them' }) claimed_by_me: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'when the oldest was asked for' })
  oldest: string | null;
  @ApiProperty({ type: [WorkflowCountView] }) by_workflow: WorkflowCountView[];
  @ApiProperty({ type: [LevelCountView] }) by_level: LevelCountView[];
  @ApiProperty({ type: [GroupCountView], description: 'one that asks several groups counts in each' })
  by_group: GroupCountView[];
}

export class InboxCountsView {
  @ApiProperty({ type: CountsView, description: 'what the caller may decide now' }) me: CountsView;
  @ApiProperty({ type: CountsView, description: 'whatever is pending' }) all: CountsView;
}
