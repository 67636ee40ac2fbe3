import { API_ERROR_CODES, type ApiErrorCode, APPROVAL_STATUSES, type ApprovalStatus } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const OUTCOMES = ['decided', 'recorded', 'refused'] as const;

export class BulkResultView {
  @ApiProperty({ format: 'uuid', description: 'of the approval' }) id: string;
  @ApiProperty({
    enum: OUTCOMES,
    description: 'decided: this ended it; recorded: others have to agree; refused: nothing was done, see `code`',
  })
  outcome: (typeof OUTCOMES)[number];
  @ApiPropertyOptional({ enum: APPROVAL_STATUSES, description: 'of the approval, unless it is refused' })
  status?: ApprovalStatus;
  @ApiPropertyOptional({ enum: API_ERROR_CODES, description: 'as the single decision would be answered' })
  code?: ApiErrorCode;
  @ApiPropertyOptional({ description: 'the member that is wrong, where one is' }) field?: string;
  @ApiPropertyOptional() message?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'as a problem has them' })
  details?: Record<string, unknown>;
}

export class BulkView {
  @ApiProperty({ type: [BulkResultView], description: 'one of each decision, in their order' })
  results: BulkResultView[];
}
