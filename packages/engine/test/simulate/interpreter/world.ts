/** What a generated graph meets outside: the same data answers the interpreter, the simulation and real activities. */
import type { Json, JsonObject, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain';

export type Reply =
  | { kind: 'result'; value: Json }
  /** the call's own arguments */
  | { kind: 'echo' }
  | { kind: 'error'; code: string; retryable: boolean }
  | { kind: 'refused' };

/** The payload of every signal. */
export const SIGNAL = 'go';

export type Decision = 'approved' | 'rejected' | 'expired';

export interface World {
  input: JsonObject;
  tools: Record<string, ToolSpec>;
  /** by node, by visit (again from the first when all were used): replies to its attempts, the last one to all others */
  replies: Record<string, Reply[][]>;
  /** by node, by visit, like replies */
  decisions: Record<string, Decision[]>;
  level: 1 | 2 | 3 | 4 | 5;
  /** by the name that nodes call them */
  workflows: Record<string, Generated>;
}

/** A definition, and what it meets outside. */
export interface Generated {
  definition: WorkflowDefinition;
  world: World;
}

const ofVisit = <T>(list: readonly T[] | undefined, visit: number): T | undefined => list?.[(visit - 1) % list.length];

export function replyOf(world: World, node: string, visit: number, attempt: number): Reply {
  const replies = ofVisit(world.replies[node], visit) ?? [];
  return replies[Math.min(attempt, replies.length) - 1] ?? { kind: 'echo' };
}

export const decisionOf = (world: World, node: string, visit: number): Decision =>
  ofVisit(world.decisions[node], visit) ?? 'approved';
