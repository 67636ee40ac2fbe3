import { type PrivilegeLevel, type Role, ROLES } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class MemberView {
  @ApiProperty() sub: string;
  @ApiProperty({ type: String, nullable: true }) display_name: string | null;
  @ApiProperty({ enum: ROLES, isArray: true }) roles: Role[];
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) privilege_level: PrivilegeLevel;
  @ApiProperty({ enum: ['granted', 'learned'], description: 'learned from their token: nothing limits them but it' })
  origin: 'granted' | 'learned';
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export class CompleteView {
  @ApiProperty() complete: boolean;
}
