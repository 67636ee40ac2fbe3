import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { API_ERROR_STATUS } from '@aumos/agf-domain';

class FieldErrorView {
  @ApiProperty({ description: 'dotted path of the member', example: 'steps[1].name' })
  field: string;

  @ApiProperty()
  error: string;
}

class ProblemDetailsView {
  @ApiPropertyOptional({ type: [FieldErrorView] })
  fields?: FieldErrorView[];

  @ApiPropertyOptional({ type: 'number', description: 'seconds, as in Retry-After' })
  retry_after_seconds?: number;
}

/** The document's schema of application/problem+json (RFC 9457 with the platform's members). */
export class ProblemView {
  @ApiProperty({ format: 'uri-reference', example: 'about:blank' })
  type: string;

  @ApiProperty()
  title: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 })
  status: number;

  @ApiProperty()
  detail: string;

  @ApiPropertyOptional({ format: 'uri-reference' })
  instance?: string;

  @ApiProperty({ enum: Object.keys(API_ERROR_STATUS) })
  code: string;

  @ApiProperty()
  message: string;

  @ApiProperty({ type: ProblemDetailsView })
  details: ProblemDetailsView;

  @ApiProperty()
  request_id: string;

  @ApiProperty({ format: 'date-time' })
  timestamp: string;
}
