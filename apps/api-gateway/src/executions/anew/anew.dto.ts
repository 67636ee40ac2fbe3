import { type Json, NAME_PATTERN } from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsInt, IsObject, Matches, Max, Min } from 'class-validator';

export class RetryDto {
  @ApiPropertyOptional({
    description: 'Runs again with all visits of its last step; default: the visit that failed.',
    pattern: NAME_PATTERN.source,
  })
  @IfPresent()
  @Matches(NAME_PATTERN)
  node?: string;
}

export class ForkDto {
  @ApiProperty({ pattern: NAME_PATTERN.source })
  @Matches(NAME_PATTERN)
  node: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'default: its last' })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  visit?: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Values by channel: they replace what was there, past the reducers.',
  })
  @IfPresent()
  @IsObject()
  state?: Record<string, unknown>;
}

export class ReplayDto {
  @ApiPropertyOptional({
    description: "Checked against the definition's input schema; default: the input of the other execution.",
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  @Allow()
  override_input?: Json;
}
