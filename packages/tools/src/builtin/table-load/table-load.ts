import { type BuiltinTool, ToolError } from '@aumos/agf-domain';
import { TABLE_LOAD } from './spec.js';

export const tableLoad: BuiltinTool = {
  spec: TABLE_LOAD,
  run: async () => {
    throw new ToolError('NOT_BUILT', 'not built yet');
  },
};
