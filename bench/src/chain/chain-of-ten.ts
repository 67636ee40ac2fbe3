import { randomUUID } from 'node:crypto';
import { type JsonObject, type ToolSpec, type WorkflowDefinition } from '@aumos/agf-domain';
import type { ExecutionActivities, ExecutionStart, ToolCall } from '@aumos/agf-engine/common';
import { type HandWritten } from '../temporal/workflows.js';

/** Nodes, and so what the last of them answers. */
export const LENGTH = 10;
const TOOL = 'add_one';
const TENANT = randomUUID();
const NODES = Array.from({ length: LENGTH }, (_, index) => `n${String(index)}`);

const SPEC: ToolSpec = {
  name: TOOL,
  version: 1,
  description: 'Adds one.',
  category: 'data',
  input_schema: { type: 'object' },
  output_schema: { type: 'integer' },
  min_privilege_level: 2,
  idempotent: true,
  timeout_seconds: 30,
};

/** Ten nodes in a row, each a call of the tool with what the one before it left in `n`. */
const DEFINITION: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'chain10',
  state: { n: { schema: { type: 'integer' }, default: 0 } },
  nodes: NODES.map((id) => ({ id, type: 'tool', tool: TOOL, arguments: { n: { cel: 'state.n' } }, output: 'n' })),
  edges: [...NODES, 'END'].map((target, index) => ({ source: NODES[index - 1] ?? 'START', target })),
  output: { cel: 'state.n' },
};

const addOne = (args: JsonObject): number => Number(args['n']) + 1;

const unused = async (): Promise<never> => {
  throw new Error('a chain of tools calls no functions');
};

/** In this process and in memory: what is compared is the way to them. */
export const activities: ExecutionActivities = {
  recordStarted: async () => undefined,
  runTool: async (call) => ({ kind: 'completed', result: addOne(call.arguments) }),
  admitFunction: unused,
  openChild: unused,
  describeTool: unused,
  settleFunction: unused,
  runFunction: unused,
  recordVisits: async () => undefined,
  recordPaused: async () => undefined,
  recordResumed: async () => undefined,
  recordWaiting: async () => undefined,
  recordOutcome: async () => undefined,
};

/** The chain as the platform starts it. */
export const platformStart = (): ExecutionStart => ({
  tenant_id: TENANT,
  execution_id: randomUUID(),
  workflow_id: TENANT,
  workflow_name: DEFINITION.name,
  version: 1,
  initiator: 'bench',
  definition: DEFINITION,
  tools: { [TOOL]: SPEC },
  input: null,
  initiator_level: 3,
  initiator_roles: ['developer'],
  workflow_chain: [],
  started_at: new Date().toISOString(),
  settings: {
    approval_timeout_hours: 24,
    auto_reject_on_timeout: false,
    timeout_seconds: 600,
    max_privilege_level: 5,
  },
});

/** The same calls with the same arguments, as one would write them by hand. */
export function handWrittenStart(): HandWritten {
  const { definition: _definition, tools: _tools, settings: _settings, ...start } = platformStart();
  const { tenant_id, execution_id, workflow_id, workflow_name, version, initiator } = start;
  const ref = { tenant_id, execution_id, workflow_id, workflow_name, version, initiator };
  const calls = NODES.map((node, step): ToolCall => ({
    ref,
    node,
    visit: 1,
    step,
    item: null,
    tool: TOOL,
    tool_version: 1,
    arguments: { n: step },
    need: 2,
    initiator_level: 3,
    max_privilege_level: 5,
    workflow_chain: [],
    gate: null,
    timeout_seconds: 30,
    ended: [],
  }));
  const outcome = { ref, status: 'completed', output: LENGTH, error: null, ended: [] } as const;
  return { ref, calls, outcome: { ...outcome, ended: [], breaker_outcome: 'success' } };
}
