import { describe, expect, it } from '@jest/globals';
import { graphsQueue, type JsonObject, type ToolSpec, type WorkflowDefinition } from '@aumos/agf-domain';
import { compareExecution, type ExecutionComparison, type RecordedVisit } from '../../src/compare/index.js';
import { simulate, type ModelTurn, type SimulationScript } from '../../src/simulate/index.js';
import { agent, edge, fn, step, tool, TRAIL, workflow } from '../support/definitions.js';
import { recordedOf } from './recorded.js';

const spec = (name: string, level: 2 | 3 = 2): ToolSpec => ({
  ...{ name, version: 1, description: name, category: 'data', input_schema: true, output_schema: true },
  ...{ min_privilege_level: level, idempotent: true, timeout_seconds: 30 },
});
const tools = { profile: spec('profile'), load: spec('load', 3), audit: spec('audit') };

const before = workflow({
  state: { ...TRAIL, rows: {} },
  nodes: [
    tool('profile', 'profile', { arguments: { source: { cel: 'input.source' } }, output: 'rows' }),
    tool('load', 'load', { arguments: { table: 'cars' }, on_error: 'give_up' }),
    fn('notify', 'mail', { arguments: { rows: { cel: 'state.rows' } } }),
    step('give_up'),
  ],
  edges: [
    edge('START > profile'),
    edge('profile > load'),
    edge('load > notify'),
    edge('notify > END'),
    edge('give_up > END'),
  ],
  more: { output: { cel: '{"rows": state.rows, "trail": state.trail}' } },
});
const script: SimulationScript = {
  tools,
  input: { source: 'a.csv' },
  execution: { id: 'e', version: 3 },
  calls: [
    { tool: 'profile', reply: { result: 7 } },
    { tool: 'load', reply: { result: 'loaded' } },
  ],
  functions: [{ handler: 'mail', reply: { result: null } }],
  people: [{ decision: 'approved' }],
};

const NOTHING = {
  nodes: [],
  order: null,
  ends: [],
  calls: [],
  approvals: [],
  outcome: { status: null, error: null, output: null },
  missing_signals: [],
};

/** The definition with other members in some nodes; null: without the node. */
const changed = (nodes: Record<string, JsonObject>, more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  ...before,
  nodes: before.nodes.map((node) => ({ ...node, ...nodes[node.id] })),
  ...more,
});

async function against(
  on: WorkflowDefinition,
  { recordedOn = before, answers = script }: { recordedOn?: WorkflowDefinition; answers?: SimulationScript } = {},
): Promise<ExecutionComparison> {
  const recorded = recordedOf(recordedOn, answers, await simulate(recordedOn, answers));
  return compareExecution(recorded, { recordedOn, on, tools }, simulate);
}

describe('an execution on another version', () => {
  it('is the same on its own one', async () => {
    expect(await against(before)).toEqual({ execution_id: 'e', version: 3, same: true, ...NOTHING });
  });

  it('tells of other arguments, and answers them as before', async () => {
    expect(await against(changed({ notify: { arguments: { rows: { cel: 'state.rows + 1' } } } }))).toEqual({
      execution_id: 'e',
      version: 3,
      same: false,
      ...NOTHING,
      calls: [{ node: 'notify', visit: 1, kind: 'arguments', name: 'mail', before: { rows: 7 }, after: { rows: 8 } }],
    });
  });

  it('tells of a call that nothing was recorded for, and that what follows is not known', async () => {
    const audited = changed(
      {},
      {
        nodes: [...before.nodes, tool('audit', 'audit', { arguments: { n: 1 } })],
        edges: [
          ...before.edges.filter(({ target }) => target !== 'load'),
          edge('profile > audit'),
          edge('audit > load'),
        ],
      },
    );
    expect(await against(audited)).toMatchObject({
      same: false,
      nodes: [
        { node: 'audit', before: 0, after: 1 },
        { node: 'load', before: 1, after: 0 },
        { node: 'notify', before: 1, after: 0 },
      ],
      calls: [
        { node: 'load', kind: 'removed', name: 'load' },
        { node: 'notify', kind: 'removed', name: 'mail' },
        { node: 'audit', visit: 1, kind: 'unrecorded', name: 'audit', arguments: { n: 1 } },
      ],
      approvals: [{ node: 'load', kind: 'removed' }],
      outcome: { status: { before: 'completed', after: 'failed' }, error: { before: null, after: 'UNRECORDED' } },
    });
  });

  it('finds the answer of a node that has another name', async () => {
    const renamed = JSON.parse(JSON.stringify(before).replaceAll('"profile"', '"describe"')) as WorkflowDefinition;
    const on = {
      ...renamed,
      nodes: renamed.nodes.map((node) => (node.id === 'describe' ? { ...node, tool: 'profile' } : node)),
    } as WorkflowDefinition;
    expect(await against(on)).toMatchObject({
      nodes: [
        { node: 'describe', before: 0, after: 1 },
        { node: 'profile', before: 1, after: 0 },
      ],
      calls: [
        { node: 'profile', kind: 'removed' },
        { node: 'describe', kind: 'added', arguments: { source: 'a.csv' } },
      ],
      outcome: { status: null, error: null, output: null },
    });
  });

  it('tells which approvals are asked for newly, otherwise, or no more', async () => {
    const gates = { strict: { gate_name: 'strict', approvals_required: 2, trigger_condition: 'privilege_level >= 1' } };
    const gated = await against(
      changed({ profile: { gate: 'strict' }, load: { gate: 'strict' } }, { hitl_gates: gates }),
    );
    expect(gated).toMatchObject({
      same: false,
      approvals: [
        { node: 'profile', visit: 1, gate_name: 'strict', kind: 'added', asked: { approvals_required: 2 } },
        { node: 'load', gate_name: 'platform', kind: 'removed' },
        { node: 'load', gate_name: 'strict', kind: 'added' },
      ],
      outcome: { output: null },
    });
    const raised = await against(changed({ load: { privilege_level: 4 } }));
    expect(raised.approvals).toMatchObject([
      { node: 'load', kind: 'changed', before: { privilege_level: 3 }, after: { privilege_level: 4 } },
    ]);
  });

  it('holds people to what they decided', async () => {
    const rejected: SimulationScript = { ...script, people: [{ decision: 'rejected' }] };
    expect(await against(before, { answers: rejected })).toMatchObject({ same: true });
    const unguarded = await against(changed({ load: { on_error: 'notify' } }), { answers: rejected });
    expect(unguarded).toMatchObject({
      nodes: [
        { node: 'give_up', before: 1, after: 0 },
        { node: 'notify', before: 0, after: 1 },
      ],
      calls: [{ node: 'notify', kind: 'unrecorded', name: 'mail' }],
    });
  });

  it('tells the first step in which other nodes run', async () => {
    const turned = changed(
      {},
      {
        edges: [
          edge('START > load'),
          edge('load > profile'),
          edge('profile > notify'),
          edge('notify > END'),
          edge('give_up > END'),
        ],
      },
    );
    expect(await against(turned)).toMatchObject({
      same: false,
      nodes: [],
      order: { step: 1, before: ['profile'], after: ['load'] },
      calls: [],
    });
  });

  it('tells of another output, and of errors', async () => {
    expect((await against(changed({}, { output: { cel: 'state.rows' } }))).outcome).toEqual({
      status: null,
      error: null,
      output: { before: { rows: 7, trail: [] }, after: 7 },
    });
    const failing: SimulationScript = {
      ...script,
      calls: [{ tool: 'profile', reply: { error: { code: 'BROKEN' } } }],
    };
    expect(await against(before, { answers: failing })).toMatchObject({ same: true });
    expect(await against(changed({ profile: { on_error: 'give_up' } }), { answers: failing })).toMatchObject({
      nodes: [{ node: 'give_up', before: 0, after: 1 }],
      outcome: {
        status: { before: 'failed', after: 'completed' },
        error: { before: 'BROKEN', after: null },
      },
    });
  });

  it('sends the signals that were sent, and tells of those that nobody sent', async () => {
    const waiting = (signal: string): WorkflowDefinition =>
      workflow({
        state: { got: { reducer: 'append' } },
        nodes: [
          { id: 'w', type: 'wait', signal, output: 'got', timeout_seconds: 60, on_error: 'late' },
          step('late', { set: { got: 'late' } }),
        ],
        edges: [edge('START > w'), edge('w > END'), edge('late > END')],
        more: { output: { cel: 'state.got' } },
      });
    const late: SimulationScript = { tools, signals: [{ name: 'go', payload: 1, after_ms: 90_000 }] };
    expect(await against(waiting('go'), { recordedOn: waiting('go'), answers: late })).toMatchObject({ same: true });
    const other = { ...waiting('stop') };
    const forEver = {
      ...other,
      nodes: [{ id: 'w', type: 'wait' as const, signal: 'stop' }, ...other.nodes.slice(1)],
      edges: other.edges.slice(0, 2),
    };
    const soon: SimulationScript = { tools, signals: [{ name: 'go', payload: 1, after_ms: 5 }] };
    expect(await against(forEver, { recordedOn: waiting('go'), answers: soon })).toMatchObject({
      same: false,
      missing_signals: [{ node: 'w', visit: 1, name: 'stop' }],
    });
  });

  it('answers for children, and tells of those that did not run', async () => {
    const calling = (called: string): WorkflowDefinition =>
      workflow({
        state: { r: {} },
        nodes: [{ id: 'call', type: 'workflow', workflow: called, input: { cel: 'input' }, output: 'r' }],
        edges: [edge('START > call'), edge('call > END')],
        more: { output: { cel: 'state.r' } },
      });
    const answers: SimulationScript = { tools, input: 1, workflows: { child: { reply: { result: 'grown' } } } };
    expect(await against(calling('child'), { recordedOn: calling('child'), answers })).toMatchObject({ same: true });
    expect(await against(calling('other'), { recordedOn: calling('child'), answers })).toMatchObject({
      same: false,
      calls: [{ node: 'call', kind: 'unrecorded', name: 'other', arguments: 1 }],
    });
    const failed: SimulationScript = { tools, workflows: { child: { reply: { error: { code: 'BAD' } } } } };
    expect(await against(calling('child'), { recordedOn: calling('child'), answers: failed })).toMatchObject({
      same: true,
    });
  });

  it('takes what a graph of a team does inside as its own affair', async () => {
    const on = changed({ notify: { task_queue: graphsQueue('mail') } });
    const recorded = recordedOf(on, script, await simulate(on, script));
    const inside = (node: string, type: string): RecordedVisit => ({ ...recorded.visits[2]!, node, type });
    recorded.visits.push(
      inside('notify~1~draft', 'graph_node'),
      inside('notify~1~draft~load', 'tool'),
      inside('notify~1~x~compensate', 'graph_node'),
    );
    const asked = { ...recorded.approvals[0]!, node: 'notify~1~draft~load', approval_id: 'of the graph' };
    recorded.approvals.push(asked);
    const found = await compareExecution(recorded, { recordedOn: on, on, tools }, simulate);
    expect(found).toEqual({ execution_id: 'e', version: 3, same: true, ...NOTHING });
  });

  it('takes what undoes the visits of a child as the child’s', async () => {
    const recorded = recordedOf(before, script, await simulate(before, script));
    recorded.visits.push({ ...recorded.visits[1]!, node: 'load~1~book~compensate', type: 'compensation' });
    const found = await compareExecution(recorded, { recordedOn: before, on: before, tools }, simulate);
    expect(found).toMatchObject({ same: true, nodes: [] });
  });

  it('waits for nothing twice: one simulation answers for every signal and gate', async () => {
    const waits = Array.from({ length: 30 }, (_, i) => `w${String(i)}`);
    const asks = Array.from({ length: 10 }, (_, i) => `g${String(i)}`);
    const graph = (auto_reject_on_timeout: boolean, sent: boolean): WorkflowDefinition =>
      workflow({
        nodes: [
          ...waits.map((id) => ({ id, type: 'wait' as const, ...(sent ? { seconds: 1 } : { signal: 'go' }) })),
          ...asks.map((id) => ({ id, type: 'gate' as const, gate: 'g', on_error: 'END' })),
        ],
        edges: [...waits, ...asks].flatMap((id) => [edge(`START > ${id}`), edge(`${id} > END`)]),
        more: { hitl_gates: { g: { gate_name: 'g', auto_reject_on_timeout } } },
      });
    const answers: SimulationScript = { tools, people: [{ decision: 'expired' }] };
    const recordedOn = graph(true, true);
    const recorded = recordedOf(recordedOn, answers, await simulate(recordedOn, answers));
    let simulations = 0;
    const found = await compareExecution(recorded, { recordedOn, on: graph(false, false), tools }, (...given) => {
      simulations++;
      return simulate(...given);
    });
    expect(found.missing_signals).toHaveLength(30);
    expect(found.missing_signals[0]).toEqual({ node: 'w0', visit: 1, name: 'go' });
    expect(found.ends).toHaveLength(10);
    expect(found.ends[0]).toEqual({
      node: 'g0',
      visit: 1,
      before: 'failed: APPROVAL_EXPIRED',
      after: 'failed: APPROVAL_REJECTED',
    });
    expect(simulations).toBe(1);
  });
});

describe('an execution with an agent', () => {
  const asking = (more: Record<string, unknown> = {}): WorkflowDefinition =>
    workflow({
      state: { said: {} },
      nodes: [agent('a', 'clerk', { output: 'said', ...more })],
      edges: [edge('START > a'), edge('a > END')],
      more: { output: { cel: 'state.said' } },
    });
  const spec = { id: 'i', name: 'clerk', version: 4, instructions: 'x', model: null, tools: ['profile'], limits: {} };
  const talking = (...turns: ModelTurn[]): SimulationScript => ({
    ...{ tools, agents: { clerk: { ...spec, privilege_level: 5 } }, models: [{ turns }] },
    calls: [{ reply: { result: 7 } }],
  });
  const asked = talking({ calls: [{ tool: 'profile', arguments: { n: 1 } }] }, { text: 'It is 7.' });
  const on = async (
    after: WorkflowDefinition,
    answers: SimulationScript,
    was = asking(),
  ): Promise<ExecutionComparison> => against(after, { recordedOn: was, answers });

  it('is the same on its own version: the agent says what it came to', async () => {
    const rows = recordedOf(asking(), asked, await simulate(asking(), asked)).visits.map(({ node }) => node);
    expect(rows.sort()).toEqual(['a', 'a~1', 'a~1', 'a~1~profile']);
    expect(await on(asking(), asked)).toMatchObject({ same: true, ...NOTHING });
    const schema = { response_schema: { type: 'string' } };
    const text = talking({ json: 'yes' });
    expect(await on(asking(schema), text, asking(schema))).toMatchObject({ same: true, ...NOTHING });
    const failing = talking({ error: { code: 'MODEL_REFUSED' } });
    expect(await on(asking(), failing)).toMatchObject({ same: true, ...NOTHING });
  });

  it('tells of another prompt, another form and another agent', async () => {
    expect(await on(asking({ prompt: 'Stay.' }), asked)).toMatchObject({
      same: false,
      calls: [{ node: 'a', kind: 'arguments', name: 'clerk', before: 'Go.', after: 'Stay.' }],
      outcome: { status: null, error: null, output: null },
    });
    expect(await on(asking({ response_schema: { type: 'object' } }), asked)).toMatchObject({
      same: false,
      ends: [{ node: 'a', before: 'completed', after: 'failed: INVALID_RESULT' }],
    });
    expect(await on(asking({ agent: 'other' }), asked)).toMatchObject({
      same: false,
      calls: [{ node: 'a', kind: 'unrecorded', name: 'other', arguments: 'Go.' }],
    });
  });
});
