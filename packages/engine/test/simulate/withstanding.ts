import type { NodeDefinition, ToolSpec } from '@aumos/agf-domain';
import type { Observed } from './compare.js';
import type { Generated, Reply, World } from './interpreter/world.js';
import type { Expected } from './interpreter/expected.js';

/** A kill takes one attempt of what is under way, two at most. */
const ATTEMPTS = 5;

const RETRY = { initial_interval_ms: 1, max_attempts: ATTEMPTS };

const again = (name: string): string => (name === 'once' ? 'quick' : name);

function node(given: NodeDefinition): NodeDefinition {
  const undone = given.compensate && {
    compensate: { ...given.compensate, tool: again(given.compensate.tool) },
  };
  const named = given.type === 'tool' ? { ...given, tool: again(given.tool) } : given;
  const calls = given.type === 'tool' || given.type === 'function';
  return { ...named, ...undone, ...(calls ? { retry: RETRY } : {}) };
}

/** What each attempt is answered: a kill must not change it. */
function decisive(replies: readonly Reply[]): Reply[] {
  const last = replies.at(-1) ?? { kind: 'echo' };
  const fails = last.kind === 'error' || last.kind === 'refused';
  return [fails ? { kind: 'error', code: 'FINAL', retryable: false } : last];
}

const repeatable = (tools: Record<string, ToolSpec>): Record<string, ToolSpec> =>
  Object.fromEntries(Object.entries(tools).filter(([, { idempotent }]) => idempotent));

/** The graph, so that repeating an attempt changes nothing: what counts attempts cannot be told under kills. */
export function withstanding({ definition, world }: Generated): Generated {
  const outside: World = {
    ...world,
    tools: repeatable(world.tools),
    replies: Object.fromEntries(
      Object.entries(world.replies).map(([id, visits]) => [id, visits.map((replies) => decisive(replies))]),
    ),
    workflows: Object.fromEntries(Object.entries(world.workflows).map(([name, child]) => [name, withstanding(child)])),
  };
  return { definition: { ...definition, nodes: definition.nodes.map(node) }, world: outside };
}

const failure = <E extends { attempts: number } | null>(error: E): E => (error ? { ...error, attempts: 0 } : error);

/** Without what counts attempts. */
export const observedOnce = (observed: Observed): Observed => ({
  ...observed,
  error: failure(observed.error),
  visits: observed.visits.map(({ child, ...visit }) => ({
    ...visit,
    ...{ calls: 0, error: failure(visit.error) },
    ...(child ? { child: observedOnce(child) } : {}),
  })),
});

/** Without what counts attempts. */
export const expectedOnce = (expected: Expected): Expected => ({
  ...expected,
  errors: expected.errors.map(failure),
  visits: expected.visits.map(({ child, ...visit }) => ({
    ...visit,
    ...{ calls: 0, error: failure(visit.error) },
    ...(child ? { child: expectedOnce(child) } : {}),
  })),
});
