import type { ArtifactEntity } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';

export class ArtifactView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty() name: string;
  @ApiProperty() content_type: string;
  @ApiProperty({ type: 'integer', description: 'bytes' }) size: number;
  @ApiProperty({ description: 'hex' }) sha256: string;
  @ApiProperty() created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export const artifactView = (row: ArtifactEntity): ArtifactView => ({
  id: row.id,
  tenant_id: row.tenant_id,
  name: row.name,
  content_type: row.content_type,
  size: row.size,
  sha256: row.sha256 ?? '',
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
