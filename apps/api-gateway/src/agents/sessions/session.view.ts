import { type Json } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

const NUMBER = { type: 'integer', minimum: 0 } as const;

export class SessionView {
  @ApiProperty({ description: "a private session's own, or `shared:<execution>`" }) id: string;
  @ApiProperty({ enum: ['private', 'shared'] }) kind: 'private' | 'shared';
  @ApiProperty({ format: 'uuid' }) agent_id: string;
  @ApiProperty({ type: String, nullable: true, description: 'of a shared session' }) execution_id: string | null;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    nullable: true,
    description: 'of a shared session: the agents that may open it',
  })
  agents: string[] | null;
  @ApiProperty(NUMBER) keys: number;
  @ApiProperty({ ...NUMBER, description: 'as stored' }) bytes: number;
  @ApiProperty({ ...NUMBER, description: 'of its last change; grows with each' }) version: number;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
  @ApiProperty({ format: 'date-time', description: 'unless it is used before' }) expires_at: string;
}

export class SessionDetailView extends SessionView {
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: { type: 'object', properties: { value: {}, version: NUMBER } },
    description: 'by key; null unless asked for',
  })
  values: Record<string, { value: Json; version: number }> | null;
}
