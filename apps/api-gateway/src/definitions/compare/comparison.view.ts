import type { Json, PrivilegeLevel } from '@aumos/agf-domain';
import type {
  ApprovalDifference,
  CallDifference,
  EndDifference,
  ExecutionComparison,
  NodeDifference,
  OrderDifference,
  OutcomeDifference,
  RunApproval,
} from '@aumos/agf-engine/compare';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const ANY = { nullable: true, description: 'any JSON value' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;

class SiteView {
  @ApiProperty() node: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) visit: number;
}

class NodeDifferenceView implements NodeDifference {
  @ApiProperty() node: string;
  @ApiProperty({ ...COUNT, description: 'visits' }) before: number;
  @ApiProperty(COUNT) after: number;
}

class OrderDifferenceView implements OrderDifference {
  @ApiProperty({ type: 'integer', description: 'the first in which other nodes run' }) step: number;
  @ApiProperty({ type: [String] }) before: string[];
  @ApiProperty({ type: [String] }) after: string[];
}

class EndDifferenceView extends SiteView implements EndDifference {
  @ApiProperty({ example: 'failed: UPSTREAM_UNREACHABLE' }) before: string;
  @ApiProperty() after: string;
}

class CallDifferenceView extends SiteView {
  @ApiProperty({
    enum: ['arguments', 'added', 'removed', 'unrecorded'],
    description: '`unrecorded`: nothing was recorded that could answer it, and what follows it is not known',
  })
  kind: CallDifference['kind'];
  @ApiProperty({ description: "the tool's, the handler's, the workflow's, the agent's" }) name: string;
  @ApiPropertyOptional({ ...ANY, description: 'of `arguments`' }) before?: Json;
  @ApiPropertyOptional({ ...ANY, description: 'of `arguments`' }) after?: Json;
  @ApiPropertyOptional({ ...ANY, description: 'of every other kind' }) arguments?: Json;
}

class AskedView implements Omit<RunApproval, 'gate_name' | 'decision'> {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: PrivilegeLevel;
  @ApiProperty({ type: 'integer', minimum: 1 }) approvals_required: number;
  @ApiProperty({ type: String, nullable: true }) tool: string | null;
  @ApiProperty(ANY) arguments: Json;
}

class ApprovalDifferenceView extends SiteView {
  @ApiProperty() gate_name: string;
  @ApiProperty({ enum: ['added', 'removed', 'changed'] }) kind: ApprovalDifference['kind'];
  @ApiPropertyOptional({ type: AskedView, description: 'of `added` and `removed`' }) asked?: AskedView;
  @ApiPropertyOptional({ type: AskedView, description: 'of `changed`' }) before?: AskedView;
  @ApiPropertyOptional({ type: AskedView, description: 'of `changed`' }) after?: AskedView;
}

class ChangeView {
  @ApiProperty({ type: String, nullable: true }) before: string;
  @ApiProperty({ type: String, nullable: true }) after: string;
}
class ValueChangeView {
  @ApiProperty(ANY) before: Json;
  @ApiProperty(ANY) after: Json;
}

class OutcomeDifferenceView implements OutcomeDifference {
  @ApiProperty({ type: ChangeView, nullable: true }) status: OutcomeDifference['status'];
  @ApiProperty({ type: ChangeView, nullable: true, description: 'codes' }) error: OutcomeDifference['error'];
  @ApiProperty({ type: ValueChangeView, nullable: true }) output: OutcomeDifference['output'];
}

class MissingSignalView extends SiteView {
  @ApiProperty() name: string;
}

class ExecutionComparisonView implements ExecutionComparison {
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty({ type: 'integer', description: 'that it ran on' }) version: number;
  @ApiProperty({ description: 'nothing differs' }) same: boolean;
  @ApiProperty({ type: [NodeDifferenceView] }) nodes: NodeDifference[];
  @ApiProperty({ type: OrderDifferenceView, nullable: true }) order: OrderDifference | null;
  @ApiProperty({ type: [EndDifferenceView] }) ends: EndDifference[];
  @ApiProperty({ type: [CallDifferenceView] }) calls: CallDifference[];
  @ApiProperty({ type: [ApprovalDifferenceView] }) approvals: ApprovalDifference[];
  @ApiProperty({ type: OutcomeDifferenceView }) outcome: OutcomeDifference;
  @ApiProperty({ type: [MissingSignalView], description: 'waited for, and nobody sent: taken as sent, with null' })
  missing_signals: ExecutionComparison['missing_signals'];
}

const REASONS = ['not_ended', 'cancelled', 'began_in_the_middle', 'too_long', 'unanswered'] as const;

export class NotComparedView {
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty({
    enum: REASONS,
    description: '`too_long`: it is too large, or took too long, or no time or room was left for it: ask for it alone',
  })
  reason: (typeof REASONS)[number];
}

export class ComparisonView {
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ description: 'none of those compared differs' }) same: boolean;
  @ApiProperty({ type: [ExecutionComparisonView] }) compared: ExecutionComparison[];
  @ApiProperty({ type: [NotComparedView] }) not_compared: NotComparedView[];
}
