import { type JsonSchema, TOOL_CATEGORIES, type ToolSpec } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class ToolView {
  @ApiProperty({ description: 'the name' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty() description: string;
  @ApiProperty({ enum: TOOL_CATEGORIES }) category: ToolSpec['category'];
  @ApiProperty({ type: 'object', additionalProperties: true }) input_schema: JsonSchema;
  @ApiProperty({ type: 'object', additionalProperties: true }) output_schema: JsonSchema;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) min_privilege_level: ToolSpec['min_privilege_level'];
  @ApiProperty() idempotent: boolean;
  @ApiProperty({ type: 'number' }) timeout_seconds: number;
}

export const toolView = (spec: ToolSpec): ToolView => ({ id: spec.name, ...spec });
