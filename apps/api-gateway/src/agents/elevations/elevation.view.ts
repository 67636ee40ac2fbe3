import { ELEVATION_STATUSES, type ElevationStatus, type ElevationVote, type PrivilegeLevel } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class ElevationVoteView {
  @ApiProperty() actor: string;
  @ApiProperty({ enum: ['approve', 'reject'] }) decision: ElevationVote;
  @ApiProperty({ type: String, nullable: true }) notes: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
}

export class ElevationView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) agent_id: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'that it is for: a changed agent has none of it' })
  agent_version: number;
  @ApiProperty({ type: 'integer', minimum: 2, maximum: 5 }) privilege_level: PrivilegeLevel;
  @ApiProperty({ type: 'integer' }) seconds: number;
  @ApiProperty() reason: string;
  @ApiProperty({ enum: ELEVATION_STATUSES }) status: ElevationStatus;
  @ApiProperty() requested_by: string;
  @ApiProperty({ type: ElevationVoteView, isArray: true }) votes: ElevationVoteView[];
  @ApiProperty({ format: 'date-time', description: 'of the request; once it is granted, of the elevation' })
  expires_at: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
}
