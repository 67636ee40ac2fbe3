import { isStorableText, type PrivilegeLevel, type Role, ROLES } from '@aumos/agf-domain';
import { IfPresent, PageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { notFound } from '@aumos/agf-platform';
import type { PipeTransform } from '@nestjs/common';

const LONGEST = 255;

/** What a member may do; replaces what it could before. */
export class GrantDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST })
  @IfPresent()
  @IsString()
  @Length(1, LONGEST)
  display_name?: string;

  @ApiProperty({ enum: ROLES, isArray: true })
  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles: Role[];

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, description: 'no call of theirs counts as a higher one' })
  @IsInt()
  @Min(1)
  @Max(5)
  privilege_level: PrivilegeLevel;
}

export class NewMemberDto extends GrantDto {
  @ApiProperty({ minLength: 1, maxLength: LONGEST, description: "the token's" })
  @IsString()
  @Length(1, LONGEST)
  sub: string;
}

export class CompleteDto {
  @ApiProperty({ description: 'the list has all of the tenant: a gate that nobody of it can fulfil is an error' })
  @IsBoolean()
  complete: boolean;
}

export class MembersQueryDto extends PageQuery {}

/** What cannot be anybody's name is nobody's, so the answer is 404. */
export class SubPipe implements PipeTransform<string, string> {
  transform(sub: string): string {
    if (sub.length > LONGEST || !isStorableText(sub)) throw notFound();
    return sub;
  }
}
