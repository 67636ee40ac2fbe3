export { BuiltinTools } from './builtin-tools.js';
export { type CallableTool, ToolCatalog } from './tool-catalog.js';
export { runTool } from './run/run-tool.js';
export { type TableLoadArguments, type TableLoadResult } from './builtin/table-load/spec.js';
