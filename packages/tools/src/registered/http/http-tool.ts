import { type BuiltinTool, type RegisteredTool, toolSpecOf } from '@aumos/agf-domain';
import { callHttp } from './call-http.js';

/** A tenant's tool of kind `http`, as any tool is run. */
export const httpTool = (tool: RegisteredTool): BuiltinTool => ({ spec: toolSpecOf(tool), run: callHttp(tool) });
