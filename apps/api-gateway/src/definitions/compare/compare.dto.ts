import { IfPresent } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsObject, IsUUID, Max, Min } from 'class-validator';

const MOST_COMPARED = 20;
const LARGEST = 2_147_483_647;

/** Which version, and which executions: by default the newest version and the ten newest executions that ended. */
export class CompareDto {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'A definition that is not published yet; in place of `version`.',
  })
  @IfPresent()
  @IsObject()
  graph_definition?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'default: the newest' })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(LARGEST)
  version?: number;

  @ApiPropertyOptional({ type: [String], format: 'uuid', minItems: 1, maxItems: MOST_COMPARED })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_COMPARED)
  @IsUUID(undefined, { each: true })
  execution_ids?: string[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_COMPARED, default: 10 })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(MOST_COMPARED)
  newest?: number;
}
