import type { ChannelDefinition, EdgeDefinition, NodeDefinition, WorkflowDefinition } from '@aumos/agf-domain';

/** Edges as text: `a > b`, with the rest of the edge beside it. */
export const edge = (text: string, more: Partial<EdgeDefinition> = {}): EdgeDefinition => {
  const [source = '', target = ''] = text.split('>').map((end) => end.trim());
  return { source, target, ...more };
};

export const join = (source: (string | string[])[], target: string): EdgeDefinition => ({ source, target });

export const workflow = (parts: {
  nodes: NodeDefinition[];
  edges: EdgeDefinition[];
  state?: Record<string, ChannelDefinition>;
  more?: Partial<WorkflowDefinition>;
}): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name: 'test',
  state: parts.state ?? {},
  nodes: parts.nodes,
  edges: parts.edges,
  ...parts.more,
});

/** A transform that appends its own name to `trail`. */
export const step = (id: string, more: Partial<NodeDefinition> = {}): NodeDefinition =>
  ({ id, type: 'transform', set: { trail: [id] }, ...more }) as NodeDefinition;

/** A tool node that calls `name` with arguments. */
export const tool = (id: string, name: string, more: Record<string, unknown> = {}): NodeDefinition => ({
  id,
  type: 'tool',
  tool: name,
  ...more,
});

/** A function node that calls `handler` with arguments. */
export const fn = (id: string, handler: string, more: Record<string, unknown> = {}): NodeDefinition => ({
  id,
  type: 'function',
  handler,
  ...more,
});

/** An agent node that asks `name` the prompt "Go.". */
export const agent = (id: string, name: string, more: Record<string, unknown> = {}): NodeDefinition => ({
  id,
  type: 'agent',
  agent: name,
  prompt: 'Go.',
  ...more,
});

export const TRAIL: Record<string, ChannelDefinition> = { trail: { reducer: 'append', schema: { type: 'array' } } };
