import type { AffectedNode, AffectedWorkflow, BlastRadius, BreakerKey } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const CAUSES: AffectedNode['cause'][] = [
  'tool',
  'agent',
  'agent_tool',
  'compensation',
  'own_workflow',
  'child_refused',
  'child_failed',
];
const EFFECTS: AffectedNode['effect'][] = ['fails', 'handled', 'continues', 'collected', 'recorded'];

class AffectedNodeView implements AffectedNode {
  @ApiProperty() node: string;
  @ApiProperty({ enum: CAUSES }) cause: AffectedNode['cause'];
  @ApiPropertyOptional({ description: 'name of the workflow below, where that is the cause' }) child?: string;
  @ApiProperty({ enum: EFFECTS, description: 'how the execution goes on' }) effect: AffectedNode['effect'];
  @ApiPropertyOptional({ description: 'the node that takes it' }) handler?: string;
  @ApiPropertyOptional({ type: 'number', description: 'seconds it first waits for the breaker' }) wait_seconds?: number;
}

class AffectedWorkflowView implements AffectedWorkflow {
  @ApiProperty({ format: 'uuid' }) workflow_id: string;
  @ApiProperty({ description: 'name' }) workflow: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ type: 'integer', description: '0: its own calls are refused' }) depth: number;
  @ApiProperty({ enum: ['stops', 'contained'] }) effect: AffectedWorkflow['effect'];
  @ApiProperty({ type: [AffectedNodeView] }) nodes: AffectedNode[];
}

/** How far an open breaker reaches: asked of a workflow at the gateway, of a breaker at its monitor. */
export class BlastRadiusView implements BlastRadius {
  @ApiProperty({ type: String, example: 'tool:table_load' }) key: BreakerKey;
  @ApiProperty({ type: [String], description: 'names of workflows that could not be started' })
  starts_refused: string[];
  @ApiProperty({ type: [String], description: 'names of workflows whose calls are refused below one of those' })
  refused_below: string[];
  @ApiProperty({ type: [AffectedWorkflowView], description: 'by depth, then name' }) workflows: AffectedWorkflow[];
}
