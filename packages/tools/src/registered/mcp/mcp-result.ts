import {
  CallerError,
  compileSchema,
  type Json,
  type JsonObject,
  type McpPin,
  shortened,
  storableJson,
  ToolError,
} from '@aumos/agf-domain';
import { type McpAnswer } from './mcp-session.js';

type Block = McpAnswer['content'][number];

/** What a call gave, as the tool's result. @throws ToolError `TOOL_REPORTED_ERROR`, `INVALID_RESULT` */
export function mcpResult({ content, structuredContent, isError }: McpAnswer, { output_schema }: McpPin): JsonObject {
  if (isError) throw new CallerError('TOOL_REPORTED_ERROR', storableJson(shortened(textOf(content))));
  const structured = (structuredContent as JsonObject | undefined) ?? null;
  if (output_schema !== undefined) {
    const [issue] = compileSchema(output_schema).check(structured);
    if (issue)
      throw new ToolError(
        'INVALID_RESULT',
        `the structured result is not what the server promises: ${issue.pointer || '/'} ${issue.message}`,
      );
  }
  return { content: content.map(blockOf), structured };
}

const textOf = (content: readonly Block[]): string =>
  content.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n') || 'the tool reports an error';

/** Texts and bytes, each in a member of one name; hints and metadata of the protocol are left out. */
function blockOf(block: Block): JsonObject {
  const inner = (block.type === 'resource' ? block['resource'] : block) as JsonObject | undefined;
  const { text, data, blob, mimeType, uri, name } = (inner ?? {}) as Record<string, Json | undefined>;
  const texts = { text, data: data ?? blob, mime_type: mimeType, uri, name };
  const known = Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []));
  return { type: block.type, ...(Object.fromEntries(known) as JsonObject) };
}
