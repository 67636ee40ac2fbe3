import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, pre } from 'fast-check';
import { validateDefinition } from '@aumos/agf-domain';
import { simulate, type SimulatedCall, type ToolReply } from '../../src/simulate/index.js';
import { compare } from './compare.js';
import { generate, TOOLS, type Generated } from './generate/graph.js';
import { Tape, tapes } from './generate/tape.js';
import { EXECUTION, TENANT, interpret } from './interpreter/interpret.js';
import { decisionOf, replyOf, type World } from './interpreter/world.js';

const GRAPHS = Number(process.env['AGF_SIMULATIONS'] ?? 2000);
const SEED = Number(process.env['AGF_SEED'] ?? Date.now() % 1_000_000);
const BREAKER_OPEN_MS = 5_000;

function reply(world: World, { node, visit, attempt, arguments: args }: SimulatedCall): ToolReply {
  const given = replyOf(world, node, visit, attempt);
  if (given.kind === 'echo') return { result: args };
  if (given.kind === 'result') return { result: given.value };
  if (given.kind === 'refused') return { refused: { retry_after_ms: BREAKER_OPEN_MS } };
  return { error: { code: given.code, retryable: given.retryable } };
}

async function simulated({ definition, world }: Generated) {
  const people = definition.nodes.flatMap(({ id: node }) =>
    Array.from({ length: 40 }, (_, i) => ({ node, visit: i + 1, decision: decisionOf(world, node, i + 1) })),
  );
  const simulation = await simulate(definition, {
    input: world.input,
    tools: world.tools,
    execution: EXECUTION,
    tenant_id: TENANT,
    initiator_level: world.level,
    calls: [{ reply: (call) => reply(world, call) }],
    people: [{ gate: 'late', decision: 'expired' }, ...people],
  });
  const visits = simulation.visits.map(({ attempts, approvals, ...visit }) => ({
    ...visit,
    // An approval's id and time are not the language's.
    output: visit.type === 'gate' && visit.status === 'completed' ? { status: 'approved' } : visit.output,
    calls: attempts,
    decisions: approvals.map(({ decision }) => decision as 'approved'),
  }));
  return { ...simulation, visits };
}

const catalog = { tools: new Map(Object.entries(TOOLS)) };

/** Publishable; or kept from it by conflicts alone, which the engine has to find as well. */
const isFair = ({ definition }: Generated): boolean =>
  validateDefinition(definition, catalog).findings.every(
    ({ severity, rule }) => severity === 'warning' || rule === 'STATE_CONFLICT',
  );

describe('generated graphs', () => {
  it('simulate as the plain interpreter tells', async () => {
    const seen = new Map<string, number>();
    const tell = (event: string): void => void seen.set(event, (seen.get(event) ?? 0) + 1);
    await assert(
      asyncProperty(tapes, async (tape) => {
        const generated = generate(new Tape(tape));
        pre(isFair(generated));
        const expected = interpret(generated.definition, generated.world, tell);
        compare(await simulated(generated), expected);
      }),
      { numRuns: GRAPHS, seed: SEED, maxSkipsPerRun: 100 },
    );
    process.stdout.write(`${JSON.stringify(Object.fromEntries([...seen].sort()))}\n`);
    expect(seen.size).toBeGreaterThan(10);
  }, 600_000);
});
