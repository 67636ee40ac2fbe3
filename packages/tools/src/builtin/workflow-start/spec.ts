import { type Json, type ToolSpec } from '@aumos/agf-domain';

export interface WorkflowStartArguments {
  workflow: string;
  version?: number;
  input?: Json;
}

export const WORKFLOW_START: ToolSpec = {
  name: 'workflow_start',
  version: 1,
  description:
    'Starts another published workflow of the tenant as an execution of its own, once for each visit, and does not wait for it. It runs in the name of who started this one, at no higher level.',
  category: 'workflow',
  input_schema: {
    type: 'object',
    properties: {
      workflow: { type: 'string', minLength: 1, maxLength: 255, description: 'its name' },
      version: { type: 'integer', minimum: 1, description: 'default: the newest' },
      input: { description: 'as its definition takes it; default null' },
    },
    required: ['workflow'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      execution_id: { type: 'string' },
      workflow_id: { type: 'string' },
      version: { type: 'integer', minimum: 1 },
    },
    required: ['execution_id', 'workflow_id', 'version'],
    additionalProperties: false,
  },
  min_privilege_level: 2,
  // The effect key is the key of the start: another attempt gets the execution of the first.
  idempotent: true,
  timeout_seconds: 30,
};
