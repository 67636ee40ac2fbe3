export { BuiltinTools } from './builtin-tools.js';
export { runTool } from './run/run-tool.js';
export { type TableLoadArguments, type TableLoadResult } from './builtin/table-load/spec.js';
