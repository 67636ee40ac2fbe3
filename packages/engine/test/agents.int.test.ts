import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { approvalPayloadHash, ToolError, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import type { ModelCall, ModelToolCall } from '../src/common/index.js';
import { CACHING, useEngine, type EngineHarness, type RunOptions } from './support/engine-harness.js';
import { TRAIL, agent, edge, step, tool, workflow } from './support/definitions.js';
import { refused, type ModelSays } from './support/memory-activities.js';

const FAST = { initial_interval_ms: 1 };
const TOOLS = { echo: {}, load: { min_privilege_level: 3 as const }, admin: { min_privilege_level: 4 as const } };
/** `id: name arguments` */
const call = (id: string, name: string, args: (ModelToolCall & object) | Record<string, never> | object = {}) =>
  ({ id, name, arguments: args }) as ModelToolCall;

let talks = 0;
/** An agent of its own that says these one after the other. */
const says =
  (engine: () => EngineHarness) =>
  (...turns: (ModelSays | ((told: ModelCall) => ModelSays))[]): string => {
    const name = `agent-${String(++talks)}`;
    engine().model(name, (asked) => {
      const turn = turns[asked.visit - 1] ?? { text: 'nothing left to say' };
      return typeof turn === 'function' ? turn(asked) : turn;
    });
    return name;
  };

const one = (node: NodeDefinition, more: Partial<WorkflowDefinition> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [node, step('repair')],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`), edge('repair > END')],
    more: { output: { cel: '{"r": state.r, "error": state.error}' }, ...more },
  });

const setUp = (engine: EngineHarness): void => {
  let held = 0;
  engine
    .tool('echo', (args) => args)
    .tool('load', (args) => ({ loaded: args['table'] ?? null }))
    .tool('admin', () => null)
    .tool('picky', () => {
      throw new ToolError('NO_SUCH_TABLE', 'there is no table cars', false, { table: 'cars' });
    })
    .tool('shut', () => refused())
    .tool('undo', () => null)
    .tool('meet', async () => {
      held++;
      await eventually(() => held >= 2, 'the other call');
      return 'met';
    })
    .tool('slow', async () => {
      await Context.current().sleep('60s');
      return null;
    });
};

describe.each(CACHING)('agents, %s', (_, options) => {
  const engine = useEngine(options, setUp);
  const agentThat = says(engine);
  const errorOf = async (node: NodeDefinition, more: RunOptions = {}) =>
    (await engine().execute(one(node), { tools: TOOLS, ...more })).error;

  it('ask their model, make the calls it chooses, and answer; each turn and call is a visit of its own', async () => {
    const name = agentThat({ calls: [call('c1', 'echo', { n: 1 })] }, { text: 'It is 1.' });
    const { output, run } = await engine().execute(one(agent('a', name, { output: 'r' })), { tools: TOOLS });
    expect(output).toMatchObject({ r: 'It is 1.' });
    expect(run.recorded.log).toEqual([
      ...['ask a~1#1', 'said a~1#1', 'run a~1~echo#1', 'ran a~1~echo#1', 'ask a~1#2', 'said a~1#2'],
      ...['completed a#1', 'outcome completed'],
    ]);
    expect(run.recorded.turns).toMatchObject([
      { of: { node: 'a', visit: 1 }, prompt: 'Go.', tools: Object.keys(TOOLS), told: [], agent: { name } },
      { visit: 2, told: [{ id: 'c1', at: { node: 'a~1~echo', visit: 1 } }] },
    ]);
    expect(run.recorded.calls).toMatchObject([{ agent: { name, node: 'a', visit: 1, turn: 1 }, need: 2, gate: null }]);
    expect(run.recorded.visits).toMatchObject([{ node: 'a', type: 'agent', input: 'Go.', output: 'It is 1.' }]);
  });

  it('make the calls of one turn side by side, and number them in the order of the model', async () => {
    const name = agentThat({ calls: [call('x', 'meet'), call('y', 'meet')] }, { text: 'done' });
    const { status, run } = await engine().execute(one(agent('a', name)), { tools: { meet: {} } });
    expect(status).toBe('completed');
    expect(run.recorded.turns[1]?.told).toEqual([
      { id: 'x', at: { node: 'a~1~meet', visit: 1 } },
      { id: 'y', at: { node: 'a~1~meet', visit: 2 } },
    ]);
  });

  it('tell the model what became of calls that fail, are refused, unknown, or no calls at all', async () => {
    const calls = [
      call('1', 'picky'),
      call('2', 'shut'),
      call('3', 'nobody'),
      { id: '4', name: 'echo', malformed: '{"a":' },
      call('5', 'echo'),
    ];
    const name = agentThat({ calls }, { text: 'so be it' });
    const tools = { picky: {}, shut: {}, echo: {} };
    const { output, run } = await engine().execute(one(agent('a', name, { output: 'r' })), { tools });
    expect(output).toMatchObject({ r: 'so be it' });
    expect(run.recorded.turns[1]?.told).toMatchObject([
      { id: '1', error: { code: 'NO_SUCH_TABLE', message: 'there is no table cars', details: { table: 'cars' } } },
      { id: '2', error: { code: 'CIRCUIT_OPEN' } },
      { id: '3', error: { code: 'UNKNOWN_TOOL' } },
      { id: '4', error: { code: 'INVALID_ARGUMENTS' } },
      { id: '5', at: { node: 'a~1~echo', visit: 5 } },
    ]);
    const failed = run.recorded.visits.filter(({ type }) => type === 'tool').sort((x, y) => x.visit - y.visit);
    expect(failed).toMatchObject([
      { node: 'a~1~picky', visit: 1, status: 'failed', error: { code: 'NO_SUCH_TABLE', node: 'a~1~picky' } },
      { node: 'a~1~shut', visit: 2, status: 'failed', error: { code: 'CIRCUIT_OPEN' } },
    ]);
  });

  it('call only what both they and their node may', async () => {
    const calls = [call('1', 'echo'), call('2', 'load'), call('3', 'admin')];
    const name = agentThat({ calls }, { text: 'done' });
    const { run } = await engine().execute(one(agent('a', name, { tools: ['echo', 'load'] })), {
      tools: TOOLS,
      agents: { [name]: { tools: ['echo', 'admin'] } },
    });
    expect(run.recorded.turns[0]?.tools).toEqual(['echo']);
    expect(run.recorded.turns[1]?.told).toMatchObject([
      { id: '1', at: {} },
      { id: '2', error: { code: 'UNKNOWN_TOOL' } },
      { id: '3', error: { code: 'UNKNOWN_TOOL' } },
    ]);
    expect(run.recorded.calls.map(({ tool: called }) => called)).toEqual(['echo']);
  });

  it('pause exactly where a call needs people, bound to its arguments, and go on with what they approved', async () => {
    const name = agentThat(
      { calls: [call('1', 'load', { table: 'cars' }), call('2', 'echo', { n: 2 })] },
      ({ told }) => ({ text: JSON.stringify(told) }),
    );
    const run = await engine().start(one(agent('a', name, { output: 'r' })), { tools: TOOLS });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({
      ...{ node: 'a~1~load', visit: 1, tool: 'load', arguments: { table: 'cars' }, privilege_level: 3 },
      ...{ agent_id: `id-of-${name}`, gate_name: 'platform' },
    });
    expect(approval!.action_description).toBe(`Call load for the agent ${name} in "a" of test`);
    expect(approval!.payload_hash).toBe(approvalPayloadHash(approval!));
    await run.decide(approval!, 'approved');
    expect((await run.outcome()).output).toMatchObject({ r: expect.stringContaining('a~1~load') });
    const made = run.recorded.calls.find(({ tool: called }) => called === 'load');
    expect(made?.gate?.approval?.approval_id).toBe(approval!.approval_id);
  });

  it('give the model a rejection with its reason, as the result of the call', async () => {
    const name = agentThat({ calls: [call('1', 'load', { table: 'cars' })] }, { text: 'I see' });
    const run = await engine().start(one(agent('a', name, { output: 'r' })), { tools: TOOLS });
    const [approval] = await run.pending();
    await run.decide(approval!, 'rejected', 'not on a Friday');
    expect((await run.outcome()).output).toMatchObject({ r: 'I see' });
    expect(run.recorded.turns[1]?.told).toMatchObject([
      { id: '1', error: { code: 'APPROVAL_REJECTED', details: { notes: 'not on a Friday' } } },
    ]);
    expect(run.recorded.calls).toEqual([]);
  });

  it('have each of their calls covered by the gate of their node, which sees the agent', async () => {
    const calls = [call('1', 'echo', { n: 1 }), call('2', 'echo', { n: 2 })];
    const name = agentThat({ calls }, { text: 'done' });
    const seen = `agent == "${name}" && node == "a" && tool == "echo" && arguments.n == 2`;
    const gates = { hitl_gates: { careful: { gate_name: 'careful', trigger_condition: seen } } };
    const run = await engine().start(one(agent('a', name, { gate: 'careful' }), gates), { tools: TOOLS });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ gate_name: 'careful', arguments: { n: 2 }, privilege_level: 2 });
    await run.decide(approval!, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed' });
  });

  it('never act above their own level: nobody is asked, the dispatch denies it, the model is told', async () => {
    engine().tool('admin', (_, { agent: acting, need }) => {
      if (acting && acting.privilege_level < need) throw new ToolError('PRIVILEGE_DENIED', 'level 2 of 4');
      return null;
    });
    const name = agentThat({ calls: [call('1', 'admin')] }, { text: 'I may not' });
    const { output, run } = await engine().execute(one(agent('a', name, { output: 'r' })), {
      tools: TOOLS,
      agents: { [name]: { privilege_level: 2 } },
    });
    expect(output).toMatchObject({ r: 'I may not' });
    expect(run.recorded.turns[1]?.told).toMatchObject([{ error: { code: 'PRIVILEGE_DENIED' } }]);
    expect(engine().activities.approvalsOf(run.executionId)).toEqual([]);
  });

  it('answer as their schema says, told once what is wrong', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const wanting = (...turns: ModelSays[]) =>
      agent('a', agentThat(...turns), { response_schema: schema, output: 'r', max_turns: 1 });
    const repaired = await engine().execute(one(wanting({ text: 'one' }, { text: '```json\n{"n": 1}\n```' })));
    expect(repaired.output).toMatchObject({ r: { n: 1 } });
    expect(repaired.run.recorded.turns[1]?.told).toMatchObject([{ repair: expect.stringContaining('no JSON') }]);
    const error = await errorOf(wanting({ text: '{}' }, { text: '{"n": "1"}' }));
    expect(error).toMatchObject({ code: 'INVALID_RESULT', node: 'a', visit: 1 });
  });

  it('fail when they do not come to an end, are cut off, or refuse', async () => {
    const more = { calls: [call('1', 'echo')] };
    const endless = await engine().execute(one(agent('a', agentThat(more, more, more), { max_turns: 2 })), {
      tools: TOOLS,
    });
    expect(endless.error).toMatchObject({ code: 'AGENT_MAX_TURNS', node: 'a' });
    expect(endless.run.recorded.calls).toHaveLength(1);
    expect(await errorOf(agent('a', agentThat({ text: 'and then', finish: 'length' })))).toMatchObject({
      code: 'MODEL_TRUNCATED',
    });
    expect(await errorOf(agent('a', agentThat({ text: 'I cannot', finish: 'refused' })))).toMatchObject({
      ...{ code: 'MODEL_REFUSED', message: 'I cannot' },
    });
    expect(await errorOf(agent('a', 'nobody'))).toMatchObject({ code: 'MODEL_UNAVAILABLE', node: 'a' });
  });

  it('do not make calls of a reply that was cut off', async () => {
    const cut = { calls: [call('1', 'load', { table: 'ca' })], finish: 'length' as const };
    const { run } = await engine().execute(one(agent('a', agentThat(cut, { text: 'done' }))), { tools: TOOLS });
    expect(run.recorded.turns[1]?.told).toMatchObject([{ id: '1', error: { code: 'INVALID_ARGUMENTS' } }]);
  });

  it('have their model asked again as their node says, and its failure taken by on_error', async () => {
    const name = `agent-${String(++talks)}`;
    engine().model(name, (_, n) => {
      if (n < 3) throw new ToolError('MODEL_ERROR', `attempt ${String(n)}`, true);
      return { text: 'at last' };
    });
    const { output, run } = await engine().execute(one(agent('a', name, { output: 'r', retry: FAST })));
    expect(output).toMatchObject({ r: 'at last' });
    expect(run.recorded.turns).toHaveLength(3);
    const taken = await engine().execute(
      one(agent('a', name, { retry: { ...FAST, max_attempts: 2 }, on_error: 'repair' })),
    );
    expect(taken.output).toMatchObject({ error: { code: 'MODEL_ERROR', node: 'a', attempts: 2 } });
    expect(taken.run.recorded.visits).toMatchObject([
      { node: 'a~1', visit: 1, type: 'model', status: 'failed' },
      { node: 'a', type: 'agent', status: 'failed' },
      { node: 'repair' },
    ]);
  });

  it('lose no turn to a model that does not answer in its time', async () => {
    const name = `agent-${String(++talks)}`;
    engine().model(name, async () => {
      await Context.current().sleep('60s');
      return {};
    });
    const slow = agent('a', name, { timeout_seconds: 0.3, retry: { ...FAST, max_attempts: 2 } });
    expect(await errorOf(slow)).toMatchObject({ code: 'MODEL_TIMEOUT', attempts: 2 });
  });

  it('wait for a breaker as their node says, and take on_open', async () => {
    let openings = 0;
    const name = `agent-${String(++talks)}`;
    engine().model(name, () =>
      openings++ < 2 ? (refused() as Extract<ModelSays, { kind: string }>) : { text: 'closed' },
    );
    const waits = await engine().execute(one(agent('a', name, { open_wait_seconds: 20, output: 'r' })));
    expect(waits.output).toMatchObject({ r: 'closed' });
    openings = 0;
    const { output } = await engine().execute(one(agent('a', name, { on_open: 'repair' })));
    expect(output).toMatchObject({ error: { code: 'CIRCUIT_OPEN' } });
  });

  it('ask for no further turn while their execution is paused', async () => {
    let resumed = false;
    const name = agentThat({ calls: [call('1', 'load')] }, () => ({ text: String(resumed) }));
    const run = await engine().start(one(agent('a', name, { output: 'r' })), { tools: TOOLS });
    const [approval] = await run.pending();
    await run.send({ kind: 'pause', id: 'p' });
    await run.decide(approval!, 'approved');
    await eventually(() => run.recorded.log.includes('ran a~1~load#1'), 'the call');
    resumed = true;
    await run.send({ kind: 'resume', id: 'r' });
    expect((await run.outcome()).output).toMatchObject({ r: 'true' });
  });

  it('end with a cancellation, and so do their calls and approvals', async () => {
    const name = agentThat({ calls: [call('1', 'slow'), call('2', 'load')] });
    const run = await engine().start(one(agent('a', name)), { tools: { ...TOOLS, slow: {} } });
    await run.pending();
    await eventually(() => run.recorded.log.includes('run a~1~slow#1'), 'the call');
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    expect(engine().activities.pending(run.executionId)).toEqual([]);
    expect(run.recorded.visits.map(({ node, status }) => [node, status]).sort()).toEqual([
      ['a', 'cancelled'],
      ['a~1~load', 'cancelled'],
      ['a~1~slow', 'cancelled'],
    ]);
  });

  it('run once an item of a fan-out, with outputs over their result, and are undone', async () => {
    const name = agentThat(({ item }) => ({ calls: [call('1', 'echo', { item })] }), { text: '{"n": 1}' });
    const fan = workflow({
      state: { all: { reducer: 'append' } },
      nodes: [
        agent('each', name, {
          prompt: { cel: '"item " + string(item)' },
          response_schema: { type: 'object' },
          outputs: { all: '[result.n]' },
          compensate: { tool: 'undo', arguments: { n: { cel: 'result.n' } } },
        }),
        { id: 'f', type: 'fail', code: 'X', message: '' },
      ],
      edges: [edge('START > each', { for_each: '["x", "y", "z"]' }), edge('each > f'), edge('f > END')],
    });
    const { run } = await engine().execute(fan, { tools: { ...TOOLS, undo: {} } });
    expect(run.recorded.turns.map(({ node, prompt }) => [node, prompt]).sort()).toEqual(
      ['x', 'y', 'z'].flatMap((item, i) => Array<unknown>(2).fill([`each~${String(i + 1)}`, `item ${item}`])),
    );
    const undone = run.recorded.calls.filter(({ tool: called }) => called === 'undo');
    expect(undone.map(({ arguments: args }) => args)).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
  });

  it('go on in another run while people are awaited, without repeating a turn or a call', async () => {
    const calls = [call('1', 'load', { table: 'cars' }), call('2', 'picky'), call('3', 'echo', { n: 3 })];
    const name = agentThat({ calls: [call('0', 'echo')] }, { calls }, { text: 'done' });
    const definition = workflow({
      state: { r: {}, n: { reducer: 'sum' } },
      nodes: [agent('a', name, { output: 'r' }), tool('each', 'echo', { outputs: { n: '1' } })],
      edges: [
        edge('START > a'),
        edge('START > each', { for_each: '[1, 1, 1, 1, 1, 1]', max_concurrency: 1 }),
        edge('a > END'),
        edge('each > END'),
      ],
      more: { output: { cel: '[state.r, string(state.n)]' } },
    });
    const run = await engine().start(definition, {
      tools: { ...TOOLS, picky: {} },
      continueAfter: { events: 1_000_000, visits: 3 },
    });
    const [approval] = await run.pending();
    await eventually(async () => (await engine().countRuns(run.executionId)) > 1, 'another run');
    await run.decide(approval!, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: ['done', '6'] });
    expect(run.recorded.turns.map(({ visit }) => visit)).toEqual([1, 2, 3]);
    expect(run.recorded.turns[2]?.told).toMatchObject([
      { id: '1', at: { node: 'a~1~load', visit: 2 } },
      { id: '2', error: { code: 'NO_SUCH_TABLE' } },
      { id: '3', at: { node: 'a~1~echo', visit: 4 } },
    ]);
    const inner = run.recorded.calls.filter((made) => made.agent);
    expect(inner.map(({ node, visit }) => `${node}#${String(visit)}`).sort()).toEqual([
      'a~1~echo#1',
      'a~1~echo#4',
      'a~1~load#2',
      'a~1~picky#3',
    ]);
    expect(engine().activities.approvalsOf(run.executionId)).toHaveLength(1);
  });

  it('go on in another run between two turns of a long conversation', async () => {
    const more = Array.from({ length: 6 }, (__, i) => ({ calls: [call(String(i), 'echo', { i })] }));
    const name = agentThat(...more, { text: 'done' });
    const run = await engine().start(one(agent('a', name, { output: 'r' })), {
      tools: TOOLS,
      continueAfter: { events: 25, visits: 1_000 },
    });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: 'done' } });
    expect(await engine().countRuns(run.executionId)).toBeGreaterThan(1);
    expect(run.recorded.turns.map(({ visit }) => visit)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(run.recorded.calls).toHaveLength(6);
  });
});
