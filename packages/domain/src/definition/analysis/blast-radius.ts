import type { BreakerKey } from '../../breaker/breaker.js';
import { type DirectHit, directHits } from './direct-hits.js';
import { callersOf, type Caller } from './callers.js';
import { type CallOutcome, outcomeOf } from './open-outcome.js';
import type { PublishedAgent, PublishedWorkflow } from './published.js';

/** A node that meets the open breaker, or a child's failure because of it. */
export interface AffectedNode extends CallOutcome {
  node: string;
  cause: DirectHit['cause'] | 'child_refused' | 'child_failed';
  /** name of the workflow below, where that is the cause */
  child?: string;
}
export interface AffectedWorkflow {
  workflow_id: string;
  workflow: string;
  version: number;
  /** 0: its own calls are refused; else how many workflows lie between the breaker and it */
  depth: number;
  /** `stops`: an affected node fails the execution; `contained`: each has a way on */
  effect: 'stops' | 'contained';
  nodes: AffectedNode[];
}
export interface BlastRadius {
  key: BreakerKey;
  /** names of workflows that cannot be started while it is open */
  starts_refused: string[];
  /** names of workflows whose calls are refused while they run below one of those */
  refused_below: string[];
  /** by depth, then name, then version */
  workflows: AffectedWorkflow[];
}

/**
 * How far an open breaker reaches in a tenant's definitions: nodes whose calls it refuses, which definitions contain that
 * (`on_open`, `on_error`, `CONTINUE`, collected items) and which parents the failure of the others reaches.
 * It does not spread through breakers: what failed because of a child or of CIRCUIT_OPEN is not counted again.
 * Pure, linear in all nodes and edges.
 * @param agents by id; a definition may name an agent by either
 */
export const blastRadius = (
  key: BreakerKey,
  published: readonly PublishedWorkflow[],
  agents: ReadonlyMap<string, PublishedAgent> = new Map(),
): BlastRadius => {
  const callers = callersOf(published);
  const found = new Map<PublishedWorkflow, AffectedWorkflow>();
  const refused = new Set(published.filter(({ id }) => key === `workflow:${id}`));
  const queue: PublishedWorkflow[] = [];
  const reach = (workflow: PublishedWorkflow, depth: number, nodes: AffectedNode[]): void => {
    if (nodes.length === 0) return;
    const before = found.get(workflow);
    const affected = before ?? affectedBy(workflow, depth);
    found.set(workflow, affected);
    affected.nodes.push(...nodes);
    if (affected.effect === 'stops' || !nodes.some(({ effect }) => effect === 'fails')) return;
    affected.effect = 'stops';
    queue.push(workflow);
  };
  for (const workflow of published) reach(workflow, 0, directHits(key, workflow, agents));
  for (const child of refused)
    for (const caller of callers.of(child)) reach(caller.parent, 1, [belowFails(caller, 'child_refused')]);
  for (let position = 0; position < queue.length; position += 1) {
    const child = queue[position];
    const depth = (child && found.get(child)?.depth) ?? 0;
    for (const caller of child === undefined || refused.has(child) ? [] : callers.of(child)) {
      reach(caller.parent, depth + 1, [belowFails(caller, 'child_failed')]);
    }
  }
  const workflows = [...found.values()].sort(inOrder);
  return { key, starts_refused: namesOf(refused), refused_below: namesOf(callers.below(refused)), workflows };
};

const affectedBy = ({ id, version, definition }: PublishedWorkflow, depth: number): AffectedWorkflow => ({
  workflow_id: id,
  workflow: definition.name,
  version,
  depth,
  effect: 'contained',
  nodes: [],
});

/** A child that could not start is CIRCUIT_OPEN at its node; one that failed for it is the child's own error. */
const belowFails = ({ parent, node, child }: Caller, cause: 'child_refused' | 'child_failed'): AffectedNode => ({
  node: node.id,
  cause,
  child: child.definition.name,
  ...outcomeOf(node, parent.definition, { refused: cause === 'child_refused' }),
});

const namesOf = (workflows: Iterable<PublishedWorkflow>): string[] =>
  [...new Set([...workflows].map(({ definition }) => definition.name))].sort();

const inOrder = (a: AffectedWorkflow, b: AffectedWorkflow): number =>
  a.depth - b.depth || (a.workflow < b.workflow ? -1 : a.workflow > b.workflow ? 1 : a.version - b.version);
