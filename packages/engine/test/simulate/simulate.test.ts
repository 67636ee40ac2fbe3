import { describe, expect, it } from '@jest/globals';
import type { GateDefinition, Json, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain';
import { simulate, type SimulatedFunction, type SimulationScript } from '../../src/simulate/index.js';
import { TRAIL, agent, edge, fn, join, step, tool, workflow } from '../support/definitions.js';

const spec = (name: string, more: Partial<ToolSpec> = {}): ToolSpec => ({
  name,
  version: 1,
  description: name,
  category: 'data',
  input_schema: true,
  output_schema: true,
  min_privilege_level: 2,
  idempotent: true,
  timeout_seconds: 30,
  ...more,
});

const one = (more: Record<string, unknown> = {}, parts: Partial<WorkflowDefinition> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [tool('a', 't', { output: 'r', ...more }), step('fix')],
    edges: [edge('START > a'), edge('a > END'), edge('fix > END')],
    more: parts,
  });

const script = (more: Partial<SimulationScript> = {}, tools: ToolSpec[] = [spec('t')]): SimulationScript => ({
  tools: Object.fromEntries(tools.map((of) => [of.name, of])),
  ...more,
});

const BUSY = { error: { code: 'BUSY', retryable: true } };

describe('a simulation', () => {
  it('tells what the execution would do, visit by visit', async () => {
    const simulation = await simulate(
      one({ arguments: { n: { cel: 'input.n + 1' } } }),
      script({ input: { n: 1 }, calls: [{ tool: 't', reply: ({ arguments: { n } }) => ({ result: n ?? null }) }] }),
    );
    expect(simulation).toMatchObject({
      status: 'completed',
      output: { r: 2 },
      error: null,
      state: { r: 2, trail: [], error: null },
      steps: 1,
      visits: [
        { node: 'a', visit: 1, step: 1, item: null, status: 'completed', input: { n: 2 }, output: 2, attempts: 1 },
      ],
    });
  });

  it('lets retries and open breakers take virtual time alone', async () => {
    const began = Date.now();
    const retried = await simulate(
      one({ retry: { max_attempts: 4, initial_interval_ms: 60_000 }, open_wait_seconds: 600 }),
      script({
        calls: [
          { node: 'a', times: 2, reply: BUSY },
          { node: 'a', times: 1, reply: { refused: { retry_after_ms: 90_000 } } },
          { reply: { result: 'late', takes_ms: 5_000 } },
        ],
      }),
    );
    expect(retried).toMatchObject({ status: 'completed', duration_ms: 275_000, visits: [{ attempts: 4 }] });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('fails as the execution would, with the attempts that were made', async () => {
    const failed = await simulate(one(), script({ calls: [{ reply: BUSY }] }));
    expect(failed).toMatchObject({ status: 'failed', output: null, error: { code: 'BUSY', node: 'a', attempts: 3 } });
    const caught = await simulate(one({ on_error: 'fix' }), script({ calls: [{ reply: BUSY }] }));
    expect(caught).toMatchObject({ status: 'completed', state: { trail: ['fix'], error: { code: 'BUSY' } } });
  });

  it('marks a visit as failed whose writes its step refused', async () => {
    const definition = one();
    definition.state = { r: { schema: { type: 'string' } }, ...TRAIL };
    const { error, visits } = await simulate(definition, script({ calls: [{ reply: { result: 1 } }] }));
    expect(error).toMatchObject({ code: 'STATE_SCHEMA', node: 'a' });
    expect(visits).toMatchObject([{ status: 'failed', output: null, error: { code: 'STATE_SCHEMA' } }]);
  });

  it('holds arguments, results, levels and time limits against the tool, as a dispatch does', async () => {
    const answered = script({ calls: [{ reply: { result: 1, takes_ms: 31_000 } }] });
    const codeOf = async (more: Partial<SimulationScript>, of: Partial<ToolSpec> = {}) =>
      (await simulate(one(), { ...answered, ...more, tools: { t: spec('t', of) } })).error?.code;
    expect(await codeOf({}, { input_schema: { required: ['x'] } })).toBe('INVALID_ARGUMENTS');
    expect(await codeOf({}, { output_schema: { type: 'string' }, timeout_seconds: 60 })).toBe('INVALID_RESULT');
    expect(await codeOf({ initiator_level: 1 })).toBe('PRIVILEGE_DENIED');
    expect(await codeOf({})).toBe('TOOL_TIMEOUT');
    expect(await codeOf({}, { idempotent: false })).toBe('OUTCOME_UNKNOWN');
    expect(await codeOf({ settings: { timeout_seconds: 10 } })).toBe('EXECUTION_TIMEOUT');
  });

  it('spends no time on steps: a thousand of them end before any limit', async () => {
    const definition = workflow({
      state: { n: { reducer: 'sum' } },
      nodes: [{ id: 'a', type: 'transform', set: { n: 1 } }],
      edges: [edge('START > a'), edge('a > a', { condition: 'state.n < 900' }), edge('a > END', { otherwise: true })],
    });
    const simulation = await simulate(definition, script({ settings: { timeout_seconds: 1 } }));
    expect(simulation).toMatchObject({ status: 'completed', output: { n: 900 }, steps: 900, duration_ms: 0 });
  });

  it('cancels what is under way when a sibling ends the execution', async () => {
    const definition = workflow({
      nodes: [tool('a', 't'), tool('b', 't')],
      edges: [edge('START > a'), edge('START > b'), join(['a', 'b'], 'END')],
    });
    const calls = [
      { node: 'a', reply: { result: 1, takes_ms: 10 } },
      { node: 'b', reply: { error: { code: 'NO' }, takes_ms: 5 } },
    ];
    const { visits, error, duration_ms } = await simulate(definition, script({ calls }));
    expect({ code: error?.code, duration_ms }).toEqual({ code: 'NO', duration_ms: 5 });
    expect(visits.map(({ node, status }) => `${node} ${status}`)).toEqual(['a cancelled', 'b failed']);
  });

  it('fails a definition that cannot run', async () => {
    const definition = workflow({ nodes: [step('a')], edges: [edge('START > nowhere')] });
    expect((await simulate(definition, script())).error?.code).toBe('INVALID_DEFINITION');
  });

  it('is the same each time', async () => {
    const run = () => simulate(one({ on_error: 'fix' }), script({ calls: [{ reply: BUSY }] }));
    expect(await run()).toEqual(await run());
  });
});

describe('people in a simulation', () => {
  const gate = (more: Partial<GateDefinition> = {}): GateDefinition => ({ gate_name: 'default', ...more });
  const risky = [spec('t', { min_privilege_level: 5 })];
  const calls = [{ reply: { result: 1 } }];

  it('decide as the script says, and are shown what they decided on', async () => {
    const definition = one({}, { hitl_gates: { default: gate() } });
    const { status, visits } = await simulate(definition, script({ calls, people: [{ decision: 'approved' }] }, risky));
    expect(status).toBe('completed');
    expect(visits[0]?.approvals).toMatchObject([
      { gate_name: 'default', approvals_required: 2, privilege_level: 5, tool: 't', decision: 'approved' },
    ]);
    expect(visits[0]?.approvals[0]?.decided_by).toHaveLength(2);
  });

  it('lets people edit, each edit once, and answer in place of the call', async () => {
    const risky = [spec('t', { min_privilege_level: 3, input_schema: { type: 'object', required: ['n'] } })];
    const calls = [{ reply: ({ arguments: given }: { arguments: Json }) => ({ result: given }) }];
    const edited = (n: number) => ({ decision: 'edited' as const, arguments: { n }, decided_by: ['ann'] });
    const twice = await simulate(
      one({ arguments: { n: 1 } }),
      script({ calls, people: [edited(2), edited(3), { decision: 'approved' }] }, risky),
    );
    expect(twice).toMatchObject({ output: { r: { n: 3 } }, visits: [{ attempts: 1 }] });
    expect(twice.visits[0]?.approvals).toMatchObject([
      { decision: 'edited', arguments: { n: 1 }, decided_by: ['ann'] },
      { decision: 'edited', arguments: { n: 2 } },
      { decision: 'approved', arguments: { n: 3 } },
    ]);
    const answered = await simulate(one(), script({ people: [{ decision: 'answered', result: 'mine' }] }, risky));
    expect(answered).toMatchObject({ output: { r: 'mine' }, visits: [{ type: 'answer', attempts: 0 }] });
    const impossible = (people: SimulationScript['people'], gates: GateDefinition = { gate_name: 'default' }) =>
      expect(simulate(one({}, { hitl_gates: { default: gates } }), script({ people }, risky))).rejects.toMatchObject({
        code: 'IMPOSSIBLE_ANSWER',
      });
    await impossible([{ decision: 'edited' }]);
    await impossible([{ decision: 'answered' }], { gate_name: 'default', approvals_required: 2 });
  });

  it('reject, and nothing is called', async () => {
    const rejected = await simulate(one(), script({ people: [{ gate: 'platform', decision: 'rejected' }] }, risky));
    expect(rejected).toMatchObject({ error: { code: 'APPROVAL_REJECTED' }, visits: [{ attempts: 0 }] });
  });

  it('let an approval expire where it can, while the time limit stands still', async () => {
    const expired = { people: [{ node: 'a', decision: 'expired' as const }] };
    const definition = one({}, { hitl_gates: { default: gate({ auto_reject_on_timeout: true }) } });
    expect(await simulate(definition, script(expired, risky))).toMatchObject({
      error: { code: 'APPROVAL_EXPIRED' },
      duration_ms: 24 * 3_600_000,
    });
    await expect(simulate(one(), script(expired, risky))).rejects.toMatchObject({ code: 'IMPOSSIBLE_ANSWER' });
  });
});

describe('a script that does not say how it goes on', () => {
  const on = one({ on_error: 'fix' });

  it('ends the simulation, naming node and visit, whatever the graph does with errors', async () => {
    await expect(simulate(on, script())).rejects.toMatchObject({
      code: 'UNANSWERED',
      site: { node: 'a', visit: 1 },
      message: 'a, visit 1: no answer for attempt 1 of a call of "t"',
    });
    const once = script({ calls: [{ times: 1, reply: BUSY }] });
    await expect(simulate(on, once)).rejects.toThrow('attempt 2 of a call of "t"');
    await expect(simulate(on, script({ calls: [{ node: 'b', reply: BUSY }] }))).rejects.toThrow('attempt 1');
  });

  it('does so for people, and for a function that throws', async () => {
    const risky = script({}, [spec('t', { min_privilege_level: 4 })]);
    await expect(simulate(on, risky)).rejects.toThrow('a, visit 1: no decision on the gate "platform"');
    const reply = (): never => {
      throw new Error('oops');
    };
    await expect(simulate(on, script({ calls: [{ reply }] }))).rejects.toMatchObject({ code: 'SCRIPT_FAILED' });
  });
});

describe('a simulated child', () => {
  const child = one({}, { name: 'child', output: { cel: 'state.r' } });
  const parent = (more: Record<string, unknown> = {}): WorkflowDefinition =>
    workflow({
      state: { r: {}, ...TRAIL },
      nodes: [{ id: 'call', type: 'workflow', workflow: 'child', output: 'r', ...more }, step('else')],
      edges: [edge('START > call'), edge('call > END'), edge('else > END')],
      more: { output: { cel: '{"r": state.r, "trail": state.trail, "error": state.error}' } },
    });
  const calls = [{ tool: 't', reply: { result: 5, takes_ms: 2_000 } }];

  it('runs with answers of its own, in the same time', async () => {
    const simulation = await simulate(
      parent(),
      script({ workflows: { child: { definition: child, script: { calls } } } }),
    );
    expect(simulation).toMatchObject({ status: 'completed', output: { r: 5 }, duration_ms: 2_000 });
    expect(simulation.visits).toMatchObject([
      {
        node: 'call',
        type: 'workflow',
        output: 5,
        child: { status: 'completed', visits: [{ node: 'a', attempts: 1 }] },
      },
    ]);
  });

  it('holds the clock of its parent while people decide', async () => {
    const risky = one(
      { privilege_level: 3, gate: 'late' },
      {
        name: 'child',
        hitl_gates: { late: { gate_name: 'late', approval_timeout_hours: 1, auto_reject_on_timeout: true } },
      },
    );
    const simulation = await simulate(
      parent({ on_error: 'else' }),
      script({
        settings: { timeout_seconds: 60 },
        workflows: { child: { definition: risky, script: { people: [{ decision: 'expired' }] } } },
      }),
    );
    expect(simulation).toMatchObject({
      status: 'completed',
      duration_ms: 3_600_000,
      output: { error: { code: 'CHILD_FAILED', details: { cause: { code: 'APPROVAL_EXPIRED' } } } },
    });
  });

  it.each([
    ['a result', { result: 'given', takes_ms: 10 }, { r: 'given', trail: [], error: null }],
    ['an error', { error: { code: 'BROKEN' } }, { trail: ['else'], error: { details: { cause: { code: 'BROKEN' } } } }],
    ['an open breaker', { refused: {} }, { trail: ['else'], error: { code: 'CIRCUIT_OPEN' } }],
  ])('may be %s in its place', async (_, reply, output) => {
    const simulation = await simulate(
      parent({ on_error: 'else', on_open: 'else' }),
      script({ workflows: { child: { reply } } }),
    );
    expect(simulation).toMatchObject({ status: 'completed', output });
  });

  it('is run again as its node says, and cancelled when its time is over', async () => {
    const retry = { max_attempts: 3, initial_interval_ms: 1_000 };
    const flaky = ({ attempt }: { attempt: number }) =>
      attempt < 3 ? { error: { code: 'BROKEN' } } : { result: attempt, takes_ms: 10 };
    const again = await simulate(parent({ retry }), script({ workflows: { child: { reply: flaky } } }));
    expect(again).toMatchObject({ status: 'completed', output: { r: 3 }, duration_ms: 3_010 });
    expect(again.visits).toMatchObject([{ node: 'call', attempts: 3 }]);
    const { status, output, duration_ms } = await simulate(
      parent({ timeout_seconds: 1, retry: { ...retry, max_attempts: 2 }, on_error: 'else' }),
      script({ workflows: { child: { definition: child, script: { calls } } } }),
    );
    expect({ status, duration_ms }).toEqual({ status: 'completed', duration_ms: 3_000 });
    expect(output).toMatchObject({ trail: ['else'], error: { code: 'CHILD_TIMEOUT', attempts: 2 } });
  });

  it('may be the definition itself, as deep as it says', async () => {
    const itself = { ...parent({ max_depth: 3, on_error: 'else' }), name: 'child' };
    const { visits, output } = await simulate(itself, script());
    expect(output).toMatchObject({ r: { r: { error: { code: 'DEPTH_EXCEEDED' } } } });
    expect(visits[0]?.child?.visits[0]?.child?.output).toMatchObject({ trail: ['else'] });
  });

  it('that its script does not answer ends the simulation', async () => {
    await expect(simulate(parent({ on_error: 'else' }), script())).rejects.toThrow(/"child"/);
    const unanswered = simulate(parent({ on_error: 'else' }), script({ workflows: { child: { definition: child } } }));
    await expect(unanswered).rejects.toMatchObject({ code: 'UNANSWERED', site: { node: 'a', visit: 1 } });
  });

  it('ends with its parent', async () => {
    const definition = workflow({
      state: { r: {} },
      nodes: [{ id: 'call', type: 'workflow', workflow: 'child', output: 'r' }, tool('b', 't')],
      edges: [edge('START > call'), edge('START > b'), edge('call > END'), edge('b > END')],
    });
    const simulation = await simulate(
      definition,
      script({
        calls: [{ node: 'b', reply: { error: { code: 'BROKEN' }, takes_ms: 500 } }],
        workflows: { child: { definition: child, script: { calls } } },
      }),
    );
    expect(simulation).toMatchObject({ status: 'failed', error: { code: 'BROKEN' }, duration_ms: 500 });
    expect(simulation.visits).toMatchObject([{ node: 'b' }, { node: 'call', error: { code: 'CANCELLED' } }]);
  });
});

describe('functions in a simulation', () => {
  const scored = (more: Record<string, unknown> = {}): WorkflowDefinition =>
    workflow({
      state: { r: {}, ...TRAIL },
      nodes: [fn('a', 'score', { arguments: { n: { cel: 'input.n' } }, output: 'r', ...more }), step('fix')],
      edges: [edge('START > a'), edge('a > END'), edge('fix > END')],
    });
  const answers = (functions: SimulationScript['functions'], more: Partial<SimulationScript> = {}): SimulationScript =>
    script({ input: { n: 1 }, functions, ...more }, []);

  it('answer by their handler, wherever they would run', async () => {
    const functions = [
      { handler: 'other', reply: { result: 'no' } },
      { handler: 'score', times: 1, reply: BUSY },
      {
        reply: ({ arguments: { n }, attempt, handler }: SimulatedFunction) => ({
          result: { n: n ?? null, attempt, handler },
        }),
      },
    ];
    for (const placement of [{}, { placement: 'local' }])
      expect(await simulate(scored(placement), answers(functions))).toMatchObject({
        output: { r: { n: 1, attempt: 2, handler: 'score' } },
        duration_ms: 1_000,
        visits: [{ type: 'function', attempts: 2 }],
      });
  });

  it('time out, are refused and denied as their calls would be', async () => {
    const slow = await simulate(scored({ timeout_seconds: 5 }), answers([{ reply: { result: 1, takes_ms: 6_000 } }]));
    expect(slow.error).toMatchObject({ code: 'HANDLER_TIMEOUT', attempts: 3 });
    const open = await simulate(scored({ on_open: 'fix' }), answers([{ reply: { refused: {} } }]));
    expect(open.state['error']).toMatchObject({ details: { circuit_key: 'tool:function.score' } });
    const denied = await simulate(scored({ privilege_level: 3 }), answers([], { initiator_level: 2 }));
    expect(denied.error).toMatchObject({ code: 'PRIVILEGE_DENIED', attempts: 1 });
  });

  it('ask people at their level, and need an answer', async () => {
    const people = [{ decision: 'approved' as const }];
    const risky = await simulate(scored({ privilege_level: 3 }), answers([{ reply: { result: 1 } }], { people }));
    expect(risky.visits[0]?.approvals).toMatchObject([{ tool: 'score', arguments: { n: 1 }, decision: 'approved' }]);
    await expect(simulate(scored(), answers([]))).rejects.toThrow('no answer for attempt 1 of a call of "score"');
  });

  describe('of an agent', () => {
    const agents = {
      helper: {
        ...{ id: 'h', name: 'helper', version: 1, instructions: 'Help.', model: null, privilege_level: 3 as const },
        ...{ tools: ['t', 'load', 'admin'], limits: {} },
      },
    };
    const tools = [spec('t'), spec('load', { min_privilege_level: 3 }), spec('admin', { min_privilege_level: 4 })];
    const asked = (more: Partial<SimulationScript>): SimulationScript => script({ agents, ...more }, tools);
    const definition = workflow({
      state: { r: {} },
      nodes: [agent('a', 'helper', { output: 'r', response_schema: { type: 'object' } })],
      edges: [edge('START > a'), edge('a > END')],
    });

    it('has its turns and calls as visits, with what people decided', async () => {
      const simulation = await simulate(
        definition,
        asked({
          models: [
            {
              agent: 'helper',
              turns: [
                { calls: [{ tool: 't', arguments: { n: 1 } }, { tool: 'load' }, { tool: 'admin' }], takes_ms: 500 },
                ({ told }) => ({ json: { told: told.length } }),
              ],
            },
          ],
          calls: [{ tool: 't', reply: { result: 1 } }],
          people: [{ node: 'a~1~load', decision: 'rejected' }],
        }),
      );
      expect(simulation).toMatchObject({ status: 'completed', output: { r: { told: 3 } }, duration_ms: 500 });
      expect(simulation.visits.map(({ node, visit, type, status }) => [node, visit, type, status])).toEqual([
        ['a', 1, 'agent', 'completed'],
        ['a~1', 1, 'model', 'completed'],
        ['a~1', 2, 'model', 'completed'],
        ['a~1~admin', 3, 'tool', 'failed'],
        ['a~1~load', 2, 'tool', 'failed'],
        ['a~1~t', 1, 'tool', 'completed'],
      ]);
      expect(simulation.visits[4]).toMatchObject({
        error: { code: 'APPROVAL_REJECTED' },
        approvals: [{ tool: 'load' }],
      });
      expect(simulation.visits[3]).toMatchObject({ error: { code: 'PRIVILEGE_DENIED' }, approvals: [] });
    });

    it('retries its model as the node says, and says which turn has no answer', async () => {
      const busy = asked({ models: [{ turns: [BUSY] }] });
      expect(await simulate(definition, busy)).toMatchObject({ error: { code: 'BUSY', attempts: 3 } });
      const silent = asked({ models: [{ turns: [{ calls: [{ tool: 't' }] }] }], calls: [{ reply: { result: 1 } }] });
      await expect(simulate(definition, silent)).rejects.toThrow('the model of helper, turn 2');
    });
  });
});
