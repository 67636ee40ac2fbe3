import type { AuditHead, ChainedEntry, JsonObject } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

const HASH = { pattern: '^[0-9a-f]{64}$' } as const;

export class AuditEntryView implements ChainedEntry {
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: "in the tenant's chain, without gaps" }) position: number;
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ description: 'who did it, or tried to' }) actor_id: string;
  @ApiProperty({ example: 'approval.approve' }) action: string;
  @ApiProperty({ example: 'approval' }) resource_type: string;
  @ApiProperty() resource_id: string;
  @ApiProperty({ enum: ['allowed', 'denied'] }) outcome: 'allowed' | 'denied';
  @ApiProperty({ type: 'object', additionalProperties: true }) details: JsonObject;
  @ApiProperty({ format: 'date-time', description: 'to the microsecond' }) occurred_at: string;
  @ApiProperty({ ...HASH, description: 'of the entry before; zeros of the first' }) previous_hash: string;
  @ApiProperty({ ...HASH, description: 'SHA-256 of the RFC 8785 form of all the other members' }) hash: string;
}

class HeadView implements AuditHead {
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty({ type: 'integer', minimum: 0 }) position: number;
  @ApiProperty(HASH) hash: string;
}

export class AuditHeadView {
  @ApiProperty({ type: HeadView, description: 'the newest entry' }) head: AuditHead;
}
