import { simulate, type SimulatedCall, type SimulatedFunction, type ToolReply } from '../../src/simulate/index.js';
import type { Observed } from './compare.js';
import { BREAKER_OPEN_MS, type Generated } from './generate/graph.js';
import { EXECUTION, TENANT } from './interpreter/interpret.js';
import { decisionOf, replyOf, SIGNAL, type World } from './interpreter/world.js';

const VISITS_AT_MOST = 60;
const SIGNALS_AT_MOST = 200;

function reply(world: World, { node, visit, attempt, arguments: args }: SimulatedCall | SimulatedFunction): ToolReply {
  const given = replyOf(world, node, visit, attempt);
  if (given.kind === 'echo') return { result: args };
  if (given.kind === 'result') return { result: given.value };
  if (given.kind === 'refused') return { refused: { retry_after_ms: BREAKER_OPEN_MS } };
  return { error: { code: given.code, retryable: given.retryable } };
}

/** The graph in simulation, with its world as the script. */
export async function simulated({ definition, world }: Generated): Promise<Observed> {
  const nodes = definition.nodes.flatMap(({ id }) => [id, `${id}~compensate`]);
  const signalled = definition.nodes.some((node) => node.type === 'wait' && node.signal === 'early');
  const people = nodes.flatMap((node) =>
    Array.from({ length: VISITS_AT_MOST }, (_, i) => ({
      node,
      visit: i + 1,
      decision: decisionOf(world, node, i + 1),
    })),
  );
  const simulation = await simulate(definition, {
    input: world.input,
    tools: world.tools,
    execution: EXECUTION,
    tenant_id: TENANT,
    initiator_level: world.level,
    calls: [{ reply: (call) => reply(world, call) }],
    functions: [{ reply: (call) => reply(world, call) }],
    signals: Array.from({ length: signalled ? SIGNALS_AT_MOST : 0 }, () => ({ name: 'early', payload: SIGNAL })),
    people: [{ gate: 'late', decision: 'expired' }, ...people],
  });
  const visits = simulation.visits.map(({ attempts, approvals, ...visit }) => ({
    ...visit,
    // An approval's id and time are not the language's.
    output: visit.type === 'gate' && visit.status === 'completed' ? { status: 'approved' } : visit.output,
    calls: attempts,
    decisions: approvals.map(({ decision }) => decision),
  }));
  return { ...simulation, visits };
}
