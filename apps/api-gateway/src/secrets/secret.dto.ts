import { ApiProperty } from '@nestjs/swagger';
import { Allow } from 'class-validator';

export class ReplaceSecretDto {
  @ApiProperty({ type: String, minLength: 8, maxLength: 4_096, description: 'visible ASCII; nobody can read it again' })
  @Allow()
  value: unknown;

  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: 20,
    example: ['crm.example.com'],
    description: 'where tools may send it: hosts as URLs have them, with a port where it is not the default',
  })
  @Allow()
  hosts: unknown;
}

export class CreateSecretDto extends ReplaceSecretDto {
  @ApiProperty({ type: String, pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' })
  @Allow()
  name: unknown;
}
