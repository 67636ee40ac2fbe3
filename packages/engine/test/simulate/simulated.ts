import {
  simulate,
  type SimulatedCall,
  type SimulatedFunction,
  type Simulation,
  type SimulationScript,
  type ToolReply,
} from '../../src/simulate/index.js';
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

/** What answers a graph's calls, people and children. */
export function scriptOf({ definition, world }: Generated): Omit<SimulationScript, 'input'> {
  const nodes = definition.nodes.flatMap(({ id }) => [id, `${id}~compensate`]);
  const signalled = definition.nodes.some((node) => node.type === 'wait' && node.signal === 'early');
  const people = nodes.flatMap((node) =>
    Array.from({ length: VISITS_AT_MOST }, (_, i) => ({
      node,
      visit: i + 1,
      decision: decisionOf(world, node, i + 1),
    })),
  );
  return {
    tools: world.tools,
    calls: [{ reply: (call) => reply(world, call) }],
    functions: [{ reply: (call) => reply(world, call) }],
    signals: Array.from({ length: signalled ? SIGNALS_AT_MOST : 0 }, () => ({ name: 'early', payload: SIGNAL })),
    // Nobody refuses what undoes a child.
    people: [{ gate: 'late', decision: 'expired' }, ...people, { decision: 'approved' }],
    workflows: Object.fromEntries(
      Object.entries(world.workflows).map(([name, child]) => [
        name,
        { definition: child.definition, script: scriptOf(child) },
      ]),
    ),
  };
}

/** The graph in simulation, with its world as the script. */
export async function simulated(graph: Generated): Promise<Observed> {
  const { input, level } = graph.world;
  const more = { input, execution: EXECUTION, tenant_id: TENANT, initiator_level: level };
  return observed(await simulate(graph.definition, { ...scriptOf(graph), ...more }));
}

function observed(simulation: Simulation): Observed {
  const visits = simulation.visits.map(({ attempts, approvals, child, ...visit }) => ({
    ...visit,
    ...(child ? { child: observed(child) } : {}),
    // An approval's id and time are not the language's.
    output: visit.type === 'gate' && visit.status === 'completed' ? { status: 'approved' } : visit.output,
    calls: attempts,
    decisions: approvals.map(({ decision }) => decision),
  }));
  return { ...simulation, visits };
}
