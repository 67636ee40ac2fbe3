import { GROUP_NAME, type Role, ROLES } from '@aumos/agf-domain';
import { IfPresent, IsStorable, notFound } from '@aumos/agf-platform';
import type { PipeTransform } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsString, Length, ValidateNested } from 'class-validator';

const LONGEST = 255;
const MOST_MEMBERS = 500;
const MOST_CLAIMS = 50;

export class GroupClaimDto {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'department' })
  @IsString()
  @Length(1, 100)
  @IsStorable()
  claim: string;

  @ApiProperty({ minLength: 1, maxLength: LONGEST, example: 'risk' })
  @IsString()
  @Length(1, LONGEST)
  @IsStorable()
  value: string;
}

/** Who is of a group: any of these; replaces what it was before. */
export class GroupDto {
  @ApiPropertyOptional({ type: [String], maxItems: MOST_MEMBERS, description: 'subs' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MOST_MEMBERS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, LONGEST, { each: true })
  @IsStorable()
  members?: string[];

  @ApiPropertyOptional({ enum: ROLES, isArray: true })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles?: Role[];

  @ApiPropertyOptional({
    type: [GroupClaimDto],
    maxItems: MOST_CLAIMS,
    description: 'texts, or members of lists of texts, of the verified token',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MOST_CLAIMS)
  @ValidateNested({ each: true })
  @Type(() => GroupClaimDto)
  claims?: GroupClaimDto[];
}

export class GroupView {
  @ApiProperty() name: string;
  @ApiProperty({ type: [String] }) members: string[];
  @ApiProperty({ enum: ROLES, isArray: true }) roles: Role[];
  @ApiProperty({ type: [GroupClaimDto] }) claims: GroupClaimDto[];
  @ApiProperty() updated_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

/** What cannot be a group's name is none's, so the answer is 404. */
export class GroupNamePipe implements PipeTransform<string, string> {
  transform(name: string): string {
    if (!GROUP_NAME.test(name)) throw notFound();
    return name;
  }
}
