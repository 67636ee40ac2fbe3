import { CONNECTION_KINDS, type ConnectionInfo, type ConnectionKind, type JsonObject } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** All that is ever told of a connection. */
export class ConnectionView implements ConnectionInfo {
  @ApiProperty() name: string;
  @ApiProperty({ enum: CONNECTION_KINDS }) kind: ConnectionKind;
  @ApiProperty({ type: 'object', additionalProperties: true }) settings: JsonObject;
  @ApiPropertyOptional({ description: 'the name of its secret' }) secret?: string;
  @ApiProperty({ description: 'no call uses one that is not' }) enabled: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}
