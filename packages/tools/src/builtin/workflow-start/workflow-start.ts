import { type BuiltinTool } from '@aumos/agf-domain';
import { WORKFLOW_START, type WorkflowStartArguments } from './spec.js';

export const workflowStart: BuiltinTool = {
  spec: WORKFLOW_START,
  async run(args, context) {
    const { input = null, ...order } = args as unknown as WorkflowStartArguments;
    return { ...(await context.executions.start({ ...order, input })) };
  },
};
