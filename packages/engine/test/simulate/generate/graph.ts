import type { GateDefinition, Json, NodeDefinition, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain';
import type { Decision, Generated, Reply, World } from '../interpreter/world.js';
import { channels } from './channels.js';
import { edges } from './edges.js';
import { condition } from './expressions.js';
import { node } from './nodes.js';
import type { Tape } from './tape.js';

const spec = (name: string, min_privilege_level: ToolSpec['min_privilege_level'], idempotent = true): ToolSpec => ({
  name,
  version: 1,
  description: name,
  category: 'data',
  input_schema: true,
  output_schema: true,
  min_privilege_level,
  idempotent,
  timeout_seconds: 30,
});

export type { Generated };

export const TOOLS: Record<string, ToolSpec> = {
  quick: spec('quick', 1),
  once: spec('once', 1, false),
  risky: spec('risky', 3),
  grave: spec('grave', 5),
};

/** Its approvals always expire; those of the others never do. */
const LATE: GateDefinition = { gate_name: 'late', approval_timeout_hours: 1 / 3600, auto_reject_on_timeout: true };

/** Longer than any node waits for it. */
export const BREAKER_OPEN_MS = 5_000;

/** @param nested a child of another one: it has none of its own, and its starter's level */
export function generate(tape: Tape, nested?: { level: World['level'] }): Generated {
  const ids = Array.from({ length: 2 + tape.below(nested ? 2 : 6) }, (_, i) => `n${String(i)}`);
  const graph = edges(tape, ids);
  const fanned = new Set(graph.flatMap(({ for_each, target }) => (for_each === undefined ? [] : [target])));
  const nodes = ids.map((id, i) =>
    node(tape, { id, ids, own: `r${String(i)}`, fanned: fanned.has(id), mayCall: !nested }),
  );
  const own = ids.map((_, i) => `r${String(i)}`);
  const definition: WorkflowDefinition = {
    schema: 'agf/workflow/v1',
    name: 'generated',
    state: channels(tape, own),
    nodes,
    edges: graph,
    hitl_gates: {
      ask: { gate_name: 'ask', trigger_condition: tape.chance(70) ? 'privilege_level >= 1' : condition(tape, ids) },
      late: LATE,
      ...(tape.chance(30) ? { default: { gate_name: 'default', trigger_condition: 'state.n > 1.0' } } : {}),
    },
    limits: { max_steps: 4 + tape.below(6) },
    ...(tape.chance(30) ? { output: output(tape) } : {}),
  };
  const outside = world(tape, nodes);
  const level = nested?.level ?? outside.level;
  const workflows = Object.fromEntries(
    nodes.flatMap((each) => {
      if (each.type !== 'workflow') return [];
      const child = generate(tape, { level });
      each.input = child.world.input;
      return [[each.workflow, { ...child, definition: { ...child.definition, name: each.workflow } }]];
    }),
  );
  return { definition, world: { ...outside, level, workflows } };
}

const output = (tape: Tape): Json => ({
  n: { cel: 'state.n' },
  error: { cel: 'state.error == null ? "" : state.error.code' },
  ...(tape.chance(20) ? { k: { cel: 'state.facts.k' } } : {}),
});

function world(tape: Tape, nodes: readonly NodeDefinition[]): World {
  const perVisit = <T>(make: () => T): T[] => Array.from({ length: 1 + tape.below(3) }, make);
  const replies = nodes.flatMap(({ id, type }) => {
    if (type !== 'tool' && type !== 'function') return [];
    return [[id, perVisit(() => (type === 'tool' ? attempts(tape) : admitted(attempts(tape))))] as const];
  });
  const undoing = nodes.filter((node) => node.compensate !== undefined).map(({ id }) => `${id}~compensate`);
  for (const id of undoing) replies.push([id, perVisit(() => attempts(tape))]);
  const decide = (): Decision => (tape.chance(20) ? 'rejected' : 'approved');
  return {
    input: { flag: tape.chance(50), items: [1, 2, 1].slice(tape.below(3)), text: 'text', depth: 2 },
    tools: TOOLS,
    replies: Object.fromEntries(replies),
    decisions: Object.fromEntries([...nodes.map(({ id }) => id), ...undoing].map((id) => [id, perVisit(decide)])),
    level: tape.chance(12) ? 3 : 5,
    workflows: {},
  };
}

/** A handler's call meets its breakers once, before its first attempt. */
const admitted = (replies: Reply[]): Reply[] => {
  const [first] = replies;
  return first?.kind === 'refused' ? [first] : replies.filter(({ kind }) => kind !== 'refused');
};

function attempts(tape: Tape): Reply[] {
  const results: [Json, ...Json[]] = [1, 'done', [1, 2], { v: 1 }, null];
  const good: Reply = tape.pick<Reply>([{ kind: 'echo' }, { kind: 'result', value: tape.pick(results) }]);
  const bad: Reply = tape.pick<Reply>([
    { kind: 'error', code: 'FINAL', retryable: false },
    { kind: 'error', code: 'FLAKY', retryable: true },
    { kind: 'refused' },
  ]);
  const flaky: Reply = { kind: 'error', code: 'FLAKY', retryable: true };
  return [
    ...Array.from({ length: tape.chance(30) ? 1 + tape.below(2) : 0 }, () => flaky),
    tape.chance(20) ? bad : good,
  ];
}
