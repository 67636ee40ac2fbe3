import type { SecretInfo } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';

/** All that is ever told of a secret. */
export class SecretView {
  @ApiProperty() name: string;
  @ApiProperty({ type: [String] }) hosts: string[];
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export const secretView = ({ name, hosts, created_at, updated_at }: SecretInfo): SecretView => ({
  name,
  hosts,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
