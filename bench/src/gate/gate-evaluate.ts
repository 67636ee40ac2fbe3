import { parse } from '@marcbachmann/cel-js';
import { evaluateGate, resolveGate, type Scope, type WorkflowDefinition } from '@aumos/agf-domain';
import { type Benchmark, type Side } from '../run/benchmark.js';

const CONDITION = 'privilege_level >= 3 && size(state.profile.issues) > 0 && arguments.table != "scratch"';

const DEFINITION: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'gated',
  nodes: [{ id: 'load', type: 'tool', tool: 'table_load', gate: 'publish' }],
  edges: [
    { source: 'START', target: 'load' },
    { source: 'load', target: 'END' },
  ],
  hitl_gates: { publish: { gate_name: 'publish', trigger_condition: CONDITION, approvals_required: 1 } },
};

const SEEN: Scope = {
  state: { profile: { rows: 406, issues: ['8 nulls in Miles_per_Gallon', '6 nulls in Horsepower'] } },
  input: { source: 'artifact:0b6c' },
  arguments: { source: 'artifact:0b6c', table: 'cars' },
  tool: 'table_load',
  node: 'load',
};

/** Each call on the clock by itself: a mean of many would hide the p99. */
function timed(calls: number, call: () => boolean): Side {
  return {
    round: async () => {
      const took = new Array<number>(calls);
      for (let i = 0; i < calls; i++) {
        const began = process.hrtime.bigint();
        const holds = call();
        took[i] = Number(process.hrtime.bigint() - began) / 1000;
        if (!holds) throw new Error('the gate is open');
      }
      return took;
    },
  };
}

/** From a node's gate to the answer whether an approval is needed, as the engine and the dispatch ask it. */
const evaluate = (): boolean => {
  const { definition, explicit } = resolveGate(DEFINITION, 'publish');
  return evaluateGate({ gate: definition, explicit, need: 3, scope: SEEN }).required;
};

const bare = parse(CONDITION);
const bareScope = { privilege_level: 3n, ...SEEN };

export const gateEvaluate: Benchmark = {
  name: 'gate.evaluate',
  unit: 'us',
  against: 'cel-js, compiled',
  goal: { kind: 'p99', most: 50 },
  limit: { of: 'a gate', ms: 50 },
  open: async ({ quick }) => {
    const calls = quick ? 20_000 : 100_000;
    return {
      measured: timed(calls, evaluate),
      against: timed(calls, () => bare(bareScope) === true),
      close: async () => undefined,
    };
  },
};
