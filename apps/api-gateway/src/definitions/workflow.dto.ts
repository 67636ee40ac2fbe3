import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow, IsIn, IsObject, IsString, Length } from 'class-validator';
import { type Export, EXPORTS } from './validation.view.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;

/** The members beside the definition fill what it lacks; what differs is refused. */
export class PublishVersionDto {
  @ApiProperty({ ...OBJECT, description: 'A definition in the language agf/workflow/v1.' })
  @Allow()
  graph_definition: unknown;

  @ApiPropertyOptional({ ...OBJECT })
  @IfPresent()
  @IsObject()
  agents?: Record<string, unknown>;

  @ApiPropertyOptional({ ...OBJECT })
  @IfPresent()
  @IsObject()
  hitl_gates?: Record<string, unknown>;

  @ApiPropertyOptional({ ...OBJECT })
  @IfPresent()
  @IsObject()
  circuit_breaker_config?: Record<string, unknown>;
}

export class PublishWorkflowDto extends PublishVersionDto {
  @ApiProperty({ minLength: 1, maxLength: 128 })
  @IsString()
  @Length(1, 128)
  name: string;
}

export class ValidateWorkflowDto extends PublishVersionDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 128 })
  @IfPresent()
  @IsString()
  @Length(1, 128)
  name?: string;
}

export class ValidateQueryDto {
  @ApiPropertyOptional({ type: String, description: `of ${EXPORTS.join(', ')}, separated by commas` })
  @IfPresent()
  @Transform(({ value }) => [value].flat().flatMap((each: unknown) => String(each).split(',')))
  @IsIn(EXPORTS, { each: true })
  include?: Export[];
}

export class WorkflowsQueryDto extends sortedPageQuery(['created_at', 'updated_at', 'name'], 'created_at') {
  @ApiPropertyOptional({ description: 'exact' })
  @IfPresent()
  @IsString()
  @Length(1, 128)
  name?: string;
}
