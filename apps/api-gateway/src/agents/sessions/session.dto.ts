import { IfPresent, PageQuery } from '@aumos/agf-platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

export class SessionsQueryDto extends PageQuery {}

export class SessionQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'with what it remembers: for admins and developers',
  })
  @IfPresent()
  @IsIn(['true', 'false'])
  values?: 'true' | 'false';
}
