import { APPROVAL_STATUSES, type ApprovalStatus } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';

export class DecisionDto {
  @ApiPropertyOptional({ maxLength: 4000, description: 'Why; kept with the decision.' })
  @IfPresent()
  @IsString()
  @MaxLength(4000)
  @Matches(/^[^\0]*$/, { message: 'notes must not hold a NUL character' })
  notes?: string;
}

export class PendingQueryDto extends sortedPageQuery(['created_at', 'expires_at']) {
  @ApiPropertyOptional({ format: 'uuid', description: 'with the executions below it' })
  @IfPresent()
  @IsUUID()
  execution_id?: string;
}

export class ApprovalsQueryDto extends PendingQueryDto {
  @ApiPropertyOptional({ enum: APPROVAL_STATUSES })
  @IfPresent()
  @IsIn(APPROVAL_STATUSES)
  status?: ApprovalStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  workflow_id?: string;
}
