import type { ApproverRef, GatePolicy, GateStage } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';

class PolicyStageDto {
  @ApiProperty({ maxLength: 128 }) name: string;
  @ApiPropertyOptional({ type: [String] }) approvers?: ApproverRef[];
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100 }) approvals_required?: number;
}

/** The language of policies checks what the members hold. */
export class PolicyDto {
  @ApiProperty({
    description:
      'CEL over privilege_level, agent, tool, arguments, node, state, input and workflow: calls for which it holds wait for an approval. One that fails for a call holds it.',
    example: "workflow == 'payments' && has(arguments.amount) && arguments.amount > 10000",
  })
  @Allow()
  condition: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, description: 'over all stages at least so many' })
  @Allow()
  approvals_required?: number;

  @ApiPropertyOptional({
    type: [String],
    description: 'names of groups, or role:<role>; in place of anybody, besides those of a gate',
    example: ['role:admin'],
  })
  @Allow()
  approvers?: ApproverRef[];

  @ApiPropertyOptional({ type: [PolicyStageDto], description: 'after those of the gate; not beside approvers' })
  @Allow()
  stages?: GateStage[];

  @ApiPropertyOptional({ type: Number, description: 'no approval has more time; hours may be fractional' })
  @Allow()
  max_timeout_hours?: number;

  @ApiPropertyOptional({ enum: [false], description: 'no standing approval stands in' })
  @Allow()
  allow_standing?: false;
}

export class PolicyView extends PolicyDto implements GatePolicy {
  @ApiProperty() name: string;
  @ApiProperty() updated_by: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}
