import { CONNECTION_KINDS } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';

/** The domain says what a connection is, and what is wrong with one; this says how it is sent. */
export class ReplaceConnectionDto {
  @ApiProperty({ enum: CONNECTION_KINDS }) @Allow() kind: unknown;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { host: 'db.example.com', database: 'shop', user: 'reader' },
    description:
      'of its kind. postgres: host, port?, database, user, schema?, tls? (verify, none). smtp: host, port?, tls? (starttls, implicit, none), from, user?. s3: endpoint, region?, bucket, prefix?, path_style?, access_key_id. ticket: http, as tools of kind http have it',
  })
  @Allow()
  settings: unknown;

  @ApiPropertyOptional({
    type: String,
    description: 'the name of a secret that may be sent to where the connection leads; never what it is',
  })
  @Allow()
  secret?: unknown;
}

export class CreateConnectionDto extends ReplaceConnectionDto {
  @ApiProperty({ type: String, pattern: '^[a-z][a-z0-9_-]{0,63}$' }) @Allow() name: unknown;
}
