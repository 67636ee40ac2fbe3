import { isStorableText } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, ValidateBy } from 'class-validator';

/** What PostgreSQL can hold. */
export const IsStorable = (): PropertyDecorator =>
  ValidateBy({
    name: 'isStorable',
    validator: {
      validate: (value: unknown) => (Array.isArray(value) ? value : [value]).every(isStorable),
      defaultMessage: (args) => `${args?.property ?? 'it'} must not hold a NUL character or half of a pair`,
    },
  });

const isStorable = (value: unknown): boolean => typeof value !== 'string' || isStorableText(value);

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
