import { type BuiltinTool, type HttpToolDefinition, toolSpecOf } from '@aumos/agf-domain';
import { callHttp } from './call-http.js';

/** A tenant's tool of kind `http`, as any tool is run. */
export const httpTool = (tool: HttpToolDefinition & { version: number }): BuiltinTool => ({
  spec: toolSpecOf(tool),
  run: callHttp(tool),
});
