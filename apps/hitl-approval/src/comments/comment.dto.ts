import { IsStorable } from '@aumos/agf-platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class CommentDto {
  @ApiProperty({ minLength: 1, maxLength: 4000 })
  @IsString()
  @Length(1, 4000)
  @IsStorable()
  text: string;
}

export class CommentView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) approval_id: string;
  @ApiProperty({ description: 'sub of who said it' }) actor: string;
  @ApiProperty() text: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
}
