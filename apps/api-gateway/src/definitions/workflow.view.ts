import type { Finding, WorkflowDefinition } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';
import { FindingView } from './finding.view.js';

export class VersionView {
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) version: number;
  @ApiProperty({ type: 'object', additionalProperties: true }) graph_definition: WorkflowDefinition;
  @ApiProperty({ description: 'SHA-256 (hex) of the canonical definition' }) content_hash: string;
  @ApiProperty({ type: [FindingView] }) warnings: Finding[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'by name: the version of a called workflow that a node without `version` means, fixed at publish',
  })
  called_versions: Record<string, number>;
  @ApiProperty() published_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
}

export class WorkflowView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) tenant_id: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: String, nullable: true }) description: string | null;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'the newest' }) version: number;
  @ApiProperty() created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export class WorkflowDetailView extends WorkflowView {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'of the newest version' })
  graph_definition: WorkflowDefinition;
  @ApiProperty({ description: 'SHA-256 (hex) of the canonical definition' }) content_hash: string;
  @ApiProperty({ type: [FindingView] }) warnings: Finding[];
}
