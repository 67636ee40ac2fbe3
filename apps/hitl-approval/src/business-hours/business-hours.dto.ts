import { type BusinessHours } from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

const MOST_HOLIDAYS = 400;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIME_OR_END = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export class HoursDto implements BusinessHours {
  @ApiProperty({ maxLength: 64, example: 'Europe/Berlin', description: 'IANA name' })
  @IsString()
  @MaxLength(64)
  time_zone: string;

  @ApiProperty({ type: [Number], minItems: 1, maxItems: 7, example: [1, 2, 3, 4, 5], description: '1 is Monday' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  days: number[];

  @ApiProperty({ example: '09:00', description: 'HH:MM' })
  @Matches(TIME)
  from: string;

  @ApiProperty({ example: '17:00', description: 'HH:MM, after `from`; 24:00 is the end of the day' })
  @Matches(TIME_OR_END)
  to: string;

  @ApiPropertyOptional({ type: [String], maxItems: MOST_HOLIDAYS, example: ['2026-12-25'] })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MOST_HOLIDAYS)
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { each: true })
  holidays?: string[];
}

export class BusinessHoursDto {
  @ApiProperty({ type: HoursDto, nullable: true, description: 'null: every hour counts' })
  @ValidateIf((_, value) => value !== null)
  @IsObject()
  @ValidateNested()
  @Type(() => HoursDto)
  business_hours: HoursDto | null;
}

export class BusinessHoursView {
  @ApiProperty({ type: HoursDto, nullable: true, description: 'null: every hour counts' })
  business_hours: BusinessHours | null;
  @ApiProperty({ type: String, nullable: true }) updated_by: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at: string | null;
}
