export { BuiltinTools } from './builtin-tools.js';
export { type CallableTool, type TeamTool, ToolCatalog } from './tool-catalog.js';
export { checkArguments, checkedResult, runTool } from './run/run-tool.js';
export { describeMcpTool } from './registered/mcp/describe-mcp-tool.js';
export { ToolChangedError } from './registered/mcp/tool-changed-error.js';
export { type TableLoadArguments, type TableLoadResult } from './builtin/table-load/spec.js';
export { calledHost } from './http/called-host.js';
