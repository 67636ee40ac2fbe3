import type { NodeDefinition, WorkflowDefinition } from '../definition.js';

/** How an execution goes on where a node's call is refused or fails. */
export interface CallOutcome {
  /**
   * `fails`: the execution fails; `handled`: `handler` runs; `continues`: the normal edges; `collected`: in `state.errors`;
   * `recorded`: a compensation that is left out, the rest go on
   */
  effect: 'fails' | 'handled' | 'continues' | 'collected' | 'recorded';
  /** a node id, where `handled` */
  handler?: string;
  /** seconds it first waits for the breaker to close */
  wait_seconds?: number;
}

/** @param refused by an open breaker; else an error from below, which `on_open` does not take */
export const outcomeOf = (
  node: NodeDefinition,
  definition: WorkflowDefinition,
  { refused }: { refused: boolean },
): CallOutcome => {
  const wait = refused && node.open_wait_seconds ? { wait_seconds: node.open_wait_seconds } : {};
  if (refused && node.on_open === 'CONTINUE') return { effect: 'continues', ...wait };
  const handler = (refused ? node.on_open : undefined) ?? node.on_error;
  if (handler !== undefined) return { effect: 'handled', handler, ...wait };
  return { effect: collects(definition).has(node.id) ? 'collected' : 'fails', ...wait };
};

const kept = new WeakMap<WorkflowDefinition, ReadonlySet<string>>();

/** Nodes that are reached by for-each edges alone, all of which collect errors. */
const collects = (definition: WorkflowDefinition): ReadonlySet<string> => {
  const known = kept.get(definition);
  if (known !== undefined) return known;
  const collecting = new Set<string>();
  const others = new Set<string>();
  for (const { target, on_item_error } of definition.edges) {
    (on_item_error === 'collect' ? collecting : others).add(target);
  }
  for (const { on_error, on_open } of definition.nodes) {
    for (const handler of [on_error, on_open]) if (handler !== undefined) others.add(handler);
  }
  const result = new Set([...collecting].filter((id) => !others.has(id)));
  kept.set(definition, result);
  return result;
};
