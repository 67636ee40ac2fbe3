import { HTTP_TOOL_METHODS, TOOL_CATEGORIES, TOOL_KINDS } from '@aumos/agf-domain';
import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow, IsBoolean, IsString, MaxLength } from 'class-validator';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const VALUES = {
  type: 'object',
  additionalProperties: true,
  description: 'may hold {"cel": "…"} over arguments',
} as const;

export class HttpTargetDto {
  @ApiProperty({ enum: HTTP_TOOL_METHODS }) method: unknown;
  @ApiProperty({
    type: String,
    example: 'https://crm.example.com/v1/customers/{id}/notes',
    description: '{name} in path and query is the argument of that name, escaped',
  })
  url: unknown;
  @ApiPropertyOptional(VALUES) query?: unknown;
  @ApiPropertyOptional({
    ...OBJECT,
    description: 'each a text, {"cel": "…"} over arguments, or {"secret": "name", "prefix": "Bearer "}',
  })
  headers?: unknown;
  @ApiPropertyOptional({ description: 'sent as JSON; may hold {"cel": "…"} over arguments' }) body?: unknown;
  @ApiPropertyOptional({ type: Boolean, description: 'a status that is not 2xx is a result, too' })
  any_status?: unknown;
  @ApiPropertyOptional({
    description:
      'may hold {"cel": "…"} over arguments and response; default: all of the response, as http_get gives it',
  })
  result?: unknown;
}

export class FunctionTargetDto {
  @ApiProperty({ type: String, example: 'agf-nodes-billing', description: "the queue of the team's worker" })
  task_queue: unknown;
  @ApiProperty({ type: String, example: 'create_invoice' }) handler: unknown;
}

class McpServerDto {
  @ApiProperty({ type: String, example: 'https://mcp.example.com/mcp', description: 'streamable HTTP' }) url: unknown;
  @ApiProperty({ type: String, description: 'as the server calls it' }) tool: unknown;
  @ApiPropertyOptional({ ...OBJECT, description: 'each a text, or {"secret": "name", "prefix": "Bearer "}' })
  headers?: unknown;
}

/** The domain says what a tool is, and what is wrong with one; this says how it is sent. */
export class RegisterToolDto {
  @ApiProperty({ type: String, pattern: '^[a-z][a-z0-9_]{0,63}$' }) @Allow() name: unknown;
  @ApiProperty({ enum: TOOL_KINDS }) @Allow() kind: unknown;
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 4_096, description: 'of kind mcp: its server says it' })
  @Allow()
  description?: unknown;
  @ApiProperty({ enum: TOOL_CATEGORIES }) @Allow() category: unknown;
  @ApiPropertyOptional({ ...OBJECT, description: 'JSON Schema of type object; of kind mcp: its server says it' })
  @Allow()
  input_schema?: unknown;
  @ApiPropertyOptional({ ...OBJECT, description: 'JSON Schema; of kind mcp: content and structured' })
  @Allow()
  output_schema?: unknown;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) @Allow() min_privilege_level: unknown;
  @ApiProperty({ type: Boolean }) @Allow() idempotent: unknown;
  @ApiProperty({ type: Number, minimum: 1, maximum: 3_600, description: 'at most 30, but of kind function' })
  @Allow()
  timeout_seconds: unknown;
  @ApiPropertyOptional({ ...OBJECT, example: { calls: 60, seconds: 60 } }) @Allow() rate_limit?: unknown;
  @ApiPropertyOptional({ type: Number, minimum: 0, description: "of one call, in the tenant's unit" })
  @Allow()
  cost?: unknown;
  @ApiPropertyOptional({ type: HttpTargetDto, description: 'of kind http' }) @Allow() http?: unknown;
  @ApiPropertyOptional({ type: FunctionTargetDto, description: 'of kind function' }) @Allow() function?: unknown;
  @ApiPropertyOptional({ type: McpServerDto, description: 'of kind mcp' }) @Allow() mcp?: unknown;
}

/** All of it, but the name, which stays. */
export class ReviseToolDto extends PartialType(RegisterToolDto) {}

export class ToolsQueryDto extends sortedPageQuery(['name', 'created_at'], 'name', 'asc') {
  @ApiPropertyOptional({ type: Boolean, description: 'default: both' })
  @IfPresent()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  enabled?: boolean;
}

export class ReviewToolDto {
  @ApiProperty({ description: 'true: what the server says now is the next version' }) @IsBoolean() accept: boolean;
  @ApiProperty({ description: 'of what was looked at: `review.hash`' }) @IsString() @MaxLength(64) hash: string;
}
