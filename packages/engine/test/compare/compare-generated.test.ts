import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty } from 'fast-check';
import { compareExecution } from '../../src/compare/index.js';
import { simulate } from '../../src/simulate/index.js';
import { fairGraphs } from '../simulate/generate/fair-graphs.js';
import { EXECUTION, TENANT } from '../simulate/interpreter/interpret.js';
import { scriptOf } from '../simulate/simulated.js';
import { recordedOf } from './recorded.js';

const GRAPHS = Number(process.env['AGF_SIMULATIONS'] ?? 600) / 10;
const AFTER_THE_CALL = new Set(['STATE_SCHEMA', 'STATE_CONFLICT', 'STATE_LIMIT', 'EXPRESSION_ERROR']);

describe('an execution of a generated graph', () => {
  it('would be the same on the version that it ran on', async () => {
    let compared = 0;
    const property = asyncProperty(fairGraphs, async (graph) => {
      const { definition, world } = graph;
      // What a child did is not in its parent's rows.
      if (definition.nodes.some(({ type }) => type === 'workflow')) return;
      const { input, level } = world;
      const more = { input, execution: EXECUTION, tenant_id: TENANT, initiator_level: level };
      const script = { ...scriptOf(graph), ...more };
      const simulation = await simulate(definition, script);
      // A row keeps the answer of such a call; a simulation does not.
      if (simulation.visits.some(({ attempts, error }) => attempts > 0 && AFTER_THE_CALL.has(error?.code ?? '')))
        return;
      const recorded = recordedOf(definition, script, simulation);
      compared++;
      const versions = { recordedOn: definition, on: definition, tools: world.tools };
      const found = await compareExecution(recorded, versions, simulate);
      expect(found).toMatchObject({ same: true });
    });
    await assert(property, { numRuns: GRAPHS, endOnFailure: true });
    expect(compared).toBeGreaterThan(GRAPHS / 4);
  }, 120_000);
});
