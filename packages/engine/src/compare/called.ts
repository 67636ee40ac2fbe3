import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';

/** What a visit calls. */
export interface Called {
  kind: 'tool' | 'function' | 'workflow' | 'agent';
  /** the tool's, the handler's, the workflow's, the agent's */
  name: string;
}

const COMPENSATION = /~compensate$/;

/** By the definition that the visit belongs to; null: its node calls nothing. */
export function calledBy({ nodes }: WorkflowDefinition, { node: id }: { node: string }): Called | null {
  const undone = id.replace(COMPENSATION, '');
  const node = nodes.find((each) => each.id === undone);
  if (undone !== id) return node?.compensate ? { kind: 'tool', name: node.compensate.tool } : null;
  if (node?.type === 'tool') return { kind: 'tool', name: node.tool };
  if (node?.type === 'function') return { kind: 'function', name: node.handler };
  if (node?.type === 'workflow') return { kind: 'workflow', name: node.workflow };
  if (node?.type === 'agent') return { kind: 'agent', name: node.agent };
  return null;
}
