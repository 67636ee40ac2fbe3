import { IfPresent, IsDateTime } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

const LONGEST = 1_000;

export class ReleaseDto {
  @ApiProperty({ minLength: 1, maxLength: LONGEST, description: 'as the audit log has it' })
  @IsString()
  @Length(1, LONGEST)
  reason: string;
}

export class IsolateDto extends ReleaseDto {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'From then on it is probed as after a reset; default: it stays isolated until it is released.',
  })
  @IfPresent()
  @IsDateTime()
  expires_at?: string;
}
