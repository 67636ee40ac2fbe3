import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, MaxLength, ValidateIf } from 'class-validator';

/** Rules that one tenant may have. */
const MOST_RULES = 200;

export class OutgoingRulesDto {
  @ApiProperty({
    type: [String],
    nullable: true,
    maxItems: MOST_RULES,
    example: ['api.example.com', '*.partner.example:443'],
    description: 'host, *.suffix, address or range, each with or without :port; null: every public address',
  })
  @ValidateIf((_, value) => value !== null)
  @IsArray()
  @ArrayMaxSize(MOST_RULES)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  only: string[] | null;
}

export class OutgoingRulesView {
  @ApiProperty({ type: [String], nullable: true, description: 'null: every public address' }) only: string[] | null;
  @ApiProperty({ type: String, nullable: true }) updated_by: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at: string | null;
}
