import { type MessageKind, NOTICE_KINDS } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { TEMPLATE_NAMES } from './render.js';

export const TEMPLATE_KINDS: readonly MessageKind[] = [...NOTICE_KINDS, 'test'];
const NAMES = TEMPLATE_NAMES.map((name) => `{{${name}}}`).join(' ');

export class TemplateDto {
  @ApiProperty({
    type: String,
    minLength: 1,
    maxLength: 300,
    description: 'one line: of e-mail the subject, of Slack the first line',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  @Matches(/^[^\0\r\n]*$/, { message: 'subject must be one line' })
  subject: string;

  @ApiProperty({
    type: String,
    minLength: 1,
    maxLength: 8_000,
    description: `Mustache: values, sections and comments. Values are escaped for each channel. There are ${NAMES}`,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(8_000)
  @Matches(/^[^\0]*$/, { message: 'body must not hold a NUL character' })
  body: string;
}

export class TemplateView {
  @ApiProperty({ enum: TEMPLATE_KINDS }) kind: MessageKind;
  @ApiProperty() subject: string;
  @ApiProperty() body: string;
  @ApiProperty({ description: "the platform's: the tenant has none for it" }) is_default: boolean;
  @ApiProperty({ type: String, nullable: true }) updated_by: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) updated_at: string | null;
}

export class TemplatesView {
  @ApiProperty({ type: [TemplateView], description: 'one for each kind of notice' }) items: TemplateView[];
}
