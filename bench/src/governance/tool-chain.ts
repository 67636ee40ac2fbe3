import type { JsonObject, WorkflowDefinition } from '@aumos/agf-domain';

/** Nodes of one execution: what is measured lies between the first one's begin and the last one's end. */
export const NODES = 20;

export const TOOL = 'json_query';
export const ARGUMENTS: JsonObject = { query: 'n', data: { n: 1 } };

/** A gate that is evaluated at each call and asks nobody. */
const GATE = { gate_name: 'bench', trigger_condition: 'privilege_level >= 3' };

export const toolChain = (name: string): WorkflowDefinition => {
  const ids = Array.from({ length: NODES }, (_, index) => `n${String(index)}`);
  return {
    schema: 'agf/workflow/v1',
    name,
    nodes: ids.map((id) => ({ id, type: 'tool', tool: TOOL, arguments: ARGUMENTS, gate: 'bench' })),
    edges: [...ids, 'END'].map((target, index) => ({ source: ids[index - 1] ?? 'START', target })),
    output: { cel: 'true' },
    hitl_gates: { bench: GATE },
  };
};
