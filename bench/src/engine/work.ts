import { randomUUID } from 'node:crypto';
import { type JsonObject, type ToolSpec, type WorkflowDefinition } from '@aumos/agf-domain';
import type { ExecutionActivities, ExecutionStart, ToolCall } from '@aumos/agf-engine/common';
import { chainOf } from '../local/definitions.js';
import { type HandWritten } from '../temporal/workflows.js';

const TOOL = 'add_one';
const TENANT = randomUUID();

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

/** The same, for the engine and by hand. */
export interface Work {
  definition: WorkflowDefinition;
  input: JsonObject;
  /** what it comes to */
  output: number;
  /** tool calls by hand */
  calls: number;
  /** all of them at once */
  together: boolean;
}

/** So many tools in a row, each called with what the one before it left in `n`. */
export function toolChain(length: number): Work {
  const chain = chainOf(length, 'inline', 'chain');
  const nodes = chain.nodes.map(({ id }) => ({
    id,
    type: 'tool' as const,
    tool: TOOL,
    arguments: { n: { cel: 'state.n' } },
    output: 'n',
  }));
  return { definition: { ...chain, nodes }, input: {}, output: length, calls: length, together: false };
}

/** So many transforms in a row: by hand there is nothing to call. */
export const inlineChain = (length: number): Work => ({
  definition: chainOf(length, 'inline', 'chain'),
  input: {},
  output: length,
  calls: 0,
  together: false,
});

/** A tool for each item, all at once. */
export const toolFanout = (width: number): Work => ({
  definition: {
    schema: 'agf/workflow/v1',
    name: 'fanout',
    state: { n: { schema: { type: 'integer' }, reducer: 'sum', default: 0 } },
    nodes: [
      { id: 'begin', type: 'transform', set: {} },
      { id: 'leaf', type: 'tool', tool: TOOL, arguments: { n: { cel: 'item' } }, output: 'n' },
    ],
    edges: [
      { source: 'START', target: 'begin' },
      { source: 'begin', target: 'leaf', for_each: 'input.items' },
      { source: 'leaf', target: 'END' },
    ],
    output: { cel: 'state.n' },
  },
  input: { items: Array.from({ length: width }, () => 0) },
  output: width,
  calls: width,
  together: true,
});

/** Waits for a signal that nobody sends. */
export const waitingForever = (): Work => ({
  definition: {
    schema: 'agf/workflow/v1',
    name: 'waiting',
    state: { answer: {} },
    nodes: [{ id: 'wait', type: 'wait', signal: 'go', output: 'answer' }],
    edges: [
      { source: 'START', target: 'wait' },
      { source: 'wait', target: 'END' },
    ],
  },
  input: {},
  output: 0,
  calls: 0,
  together: false,
});

const addOne = (args: JsonObject): number => Number(args['n']) + 1;

const unused = async (): Promise<never> => {
  throw new Error('nothing here calls functions or children');
};

/** In this process and in memory: what is compared is the way to them. */
export const activities: ExecutionActivities = {
  recordStarted: async () => undefined,
  runTool: async (call) => ({ kind: 'completed', result: addOne(call.arguments) }),
  admitFunction: unused,
  openChild: unused,
  settleFunction: unused,
  settleTool: unused,
  runFunction: unused,
  runSegment: unused,
  callModel: unused,
  remember: unused,
  admitTurn: unused,
  settleTurn: unused,
  describeTool: unused,
  deadlineOf: unused,
  recordVisits: async () => undefined,
  recordPaused: async () => undefined,
  recordResumed: async () => undefined,
  recordWaiting: async () => undefined,
  recordOutcome: async () => undefined,
};

/** The work as the platform starts it. */
export const platformStart = ({ definition, input }: Work): ExecutionStart => ({
  tenant_id: TENANT,
  execution_id: randomUUID(),
  workflow_id: TENANT,
  workflow_name: definition.name,
  version: 1,
  initiator: 'bench',
  definition,
  tools: { [TOOL]: SPEC },
  input,
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
export function handWrittenStart(work: Work): HandWritten {
  const { tenant_id, execution_id, workflow_id, workflow_name, version, initiator } = platformStart(work);
  const ref = { tenant_id, execution_id, workflow_id, workflow_name, version, initiator };
  const { calls: count, together } = work;
  const calls = Array.from({ length: count }, (_, index): ToolCall => {
    const [node, visit, step] = together ? ['leaf', index + 1, 1] : [`n${String(index)}`, 1, index];
    return {
      ref,
      node,
      visit,
      step,
      item: together ? index : null,
      tool: TOOL,
      tool_version: 1,
      arguments: { n: together ? 0 : index },
      need: 2,
      initiator_level: 3,
      max_privilege_level: 5,
      workflow_chain: [],
      gate: null,
      timeout_seconds: 30,
      ended: [],
    };
  });
  const outcome = { ref, status: 'completed', output: work.output, error: null, ended: [] } as const;
  return { ref, calls, together, outcome: { ...outcome, ended: [], breaker_outcome: 'success' } };
}
