import { type BuiltinTool, ToolError } from '@aumos/agf-domain';
import { CSV_PROFILE } from './spec.js';

export const csvProfile: BuiltinTool = {
  spec: CSV_PROFILE,
  run: async () => {
    throw new ToolError('NOT_BUILT', 'not built yet');
  },
};
