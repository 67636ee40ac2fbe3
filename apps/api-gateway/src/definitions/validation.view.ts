import type { Finding, GateAnalysis, GatedCall, OwnGate, PrivilegeLevel } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FindingView } from './finding.view.js';

export const EXPORTS = ['mermaid', 'langgraph'] as const;
export type Export = (typeof EXPORTS)[number];

class OwnGateView implements OwnGate {
  @ApiProperty({ enum: ['node', 'default', 'platform'] }) kind: OwnGate['kind'];
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['always', 'depends', 'never'], description: 'whether it asks for this call' })
  asks: OwnGate['asks'];
  @ApiProperty({ type: 'integer', minimum: 1 }) approvals_required: number;
}

class GatedCallView implements GatedCall {
  @ApiProperty() node: string;
  @ApiProperty({ enum: ['call', 'compensation'] }) kind: GatedCall['kind'];
  @ApiProperty({ description: 'tool or handler' }) callee: string;
  @ApiProperty({ type: 'integer', minimum: 3, maximum: 5 }) need: PrivilegeLevel;
  @ApiProperty({ type: OwnGateView }) own_gate: OwnGate;
  @ApiProperty({ type: [String], description: 'gate nodes that every way passes with an approval' })
  gate_nodes: string[];
  @ApiProperty({ enum: ['own_gate', 'gate_node', 'none'], description: 'the approval that is proven' })
  approval: GatedCall['approval'];
  @ApiPropertyOptional({ type: [String], description: 'where none is proven: the shortest way without' })
  path?: string[];
}

class GateAnalysisView implements GateAnalysis {
  @ApiProperty({ type: [GatedCallView], description: 'calls of level 3 and more' }) calls: GatedCall[];
  @ApiProperty({ type: 'integer' }) unproven: number;
  @ApiProperty({ type: 'integer', description: 'calls beyond those listed' }) not_listed: number;
}

export class ValidationView {
  @ApiProperty() valid: boolean;
  @ApiProperty({ type: [FindingView] }) findings: Finding[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'SHA-256 (hex) that the version would have; of a valid one',
  })
  content_hash: string | null;
  @ApiProperty({ type: GateAnalysisView, nullable: true, description: 'null where the structure has an error' })
  gates: GateAnalysis | null;
  @ApiPropertyOptional({ description: 'a flowchart, with include=mermaid' }) mermaid?: string;
  @ApiPropertyOptional({ description: 'the shape as a TypeScript program, with include=langgraph' }) langgraph?: string;
}
