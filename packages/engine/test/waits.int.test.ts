import { describe, expect, it } from '@jest/globals';
import type { NodeDefinition, WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { CACHING, useEngine } from './support/engine-harness.js';
import { TRAIL, edge, join, step, tool, workflow } from './support/definitions.js';

const wait = (id: string, more: Record<string, unknown>): NodeDefinition => ({ id, type: 'wait', ...more });

/** One wait, then its result as the output; `late` takes its error. */
const one = (more: Record<string, unknown>): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [wait('w', { output: 'r', ...more }), step('late')],
    edges: [edge('START > w'), edge('w > END'), edge('late > END')],
    more: { output: { cel: '{"r": state.r, "trail": state.trail, "error": state.error}' } },
  });

/** Takes signals one by one until one says so. */
const collector: WorkflowDefinition = workflow({
  state: { got: { reducer: 'append' } },
  nodes: [wait('w', { signal: 'more', output: 'got' })],
  edges: [
    edge('START > w'),
    edge('w > END', { condition: 'state.got[size(state.got) - 1] == "end"' }),
    edge('w > w', { otherwise: true }),
  ],
});

describe.each(CACHING)('a wait, %s', (_, options) => {
  const engine = useEngine(options);

  it('takes a signal that came before it, and its payload', async () => {
    const run = await engine().start(one({ signal: 'go' }));
    await run.signal('go', { by: 'me' });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: { by: 'me' }, error: null } });
  });

  it('takes one signal a visit, in their order, and each once', async () => {
    const run = await engine().start(collector);
    for (let n = 0; n < 5; n++) await run.send({ kind: 'signal', id: `s${String(n)}`, name: 'more', payload: n });
    await run.send({ kind: 'signal', id: 's2', name: 'more', payload: 2 });
    await run.send({ kind: 'signal', id: 'other', name: 'other', payload: 'x' });
    await run.send({ kind: 'signal', id: 'end', name: 'more', payload: 'end' });
    expect((await run.outcome()).output).toEqual({ got: [0, 1, 2, 3, 4, 'end'] });
  });

  it('fails when no signal came in time, which on_error takes', async () => {
    const outcome = await engine().execute(one({ signal: 'go', timeout_seconds: 0.2, on_error: 'late' }));
    expect(outcome).toMatchObject({
      status: 'completed',
      output: { r: null, trail: ['late'], error: { code: 'WAIT_TIMEOUT', node: 'w', details: { signal: 'go' } } },
    });
    expect(outcome.run.recorded.waiting).toEqual({ mark: 2, waiting: false });
  });

  it('stands still by the clock, however long it waits', async () => {
    const run = await engine().start(one({ signal: 'go' }), { timeoutSeconds: 1 });
    await eventually(() => run.recorded.waiting.waiting, 'the wait to be told');
    const later = Date.now() + 1_500;
    await eventually(() => Date.now() > later, 'the time limit to pass');
    await run.signal('go', 1);
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({ status: 'completed', output: { r: 1 } });
    // What its breaker would call slow is what it did, not what it waited.
    expect(outcome.ran_ms).toBeLessThan(1_000);
  });
});

describe('waits', () => {
  const engine = useEngine({}, (harness) => harness.tool('t', () => 'done'));
  const codeOf = async (more: Record<string, unknown>, input: number | string | null = null) =>
    (await engine().execute(one(more), { input })).error;

  it('waits so many seconds, and not at all for none', async () => {
    const began = Date.now();
    expect(await engine().execute(one({ seconds: { cel: 'input + 0.2' } }), { input: 0.1 })).toMatchObject({
      output: { r: null },
    });
    expect(Date.now() - began).toBeGreaterThanOrEqual(300);
    for (const seconds of [0, -5]) expect((await engine().execute(one({ seconds }))).status).toBe('completed');
  });

  it('waits until a time; one in the past fires at once', async () => {
    const at = Date.now() + 400;
    const future = await engine().execute(one({ until: { cel: 'input' } }), { input: new Date(at).toISOString() });
    expect(future.status).toBe('completed');
    expect(Date.now()).toBeGreaterThanOrEqual(at);
    expect((await engine().execute(one({ until: '2020-01-01T00:00:00+02:00' }))).status).toBe('completed');
  });

  it.each([
    ['text as seconds', { seconds: { cel: 'input' } }, 'soon'],
    ['no number', { seconds: { cel: 'input' } }, null],
    ['no date', { until: { cel: 'input' } }, 'tomorrow'],
    ['a date that is none', { until: { cel: 'input' } }, '2026-02-30T00:00:00Z'],
    ['a number as a time', { until: { cel: 'input' } }, 5],
    ['more than timers take', { seconds: { cel: 'input' } }, 1e12],
    ['a time too far away', { until: { cel: 'input' } }, '9999-01-01T00:00:00Z'],
    ['no value', { seconds: { cel: 'input.missing' } }, 5],
  ])('refuses %s, naming the node', async (_, more, input) => {
    expect(await codeOf(more, input)).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'w', visit: 1 });
  });

  it('gives each of many waiting visits its own signal, in the order in which they wait', async () => {
    const definition = workflow({
      state: { got: { reducer: 'append' } },
      nodes: [wait('w', { signal: 'go', outputs: { got: '[[index, result]]' } })],
      edges: [edge('START > w', { for_each: '[0, 1, 2, 3]' }), edge('w > END')],
    });
    const run = await engine().start(definition);
    for (const payload of ['a', 'b', 'c', 'd']) await run.signal('go', payload);
    expect((await run.outcome()).output).toEqual({
      got: [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
        [3, 'd'],
      ],
    });
  });

  it('escalates from one wait to another', async () => {
    const definition = workflow({
      state: { r: {}, ...TRAIL },
      nodes: [
        wait('first', { signal: 'go', timeout_seconds: 0.1, on_error: 'ask' }),
        step('ask'),
        wait('second', { signal: 'go', output: 'r' }),
      ],
      edges: [edge('START > first'), edge('first > END'), edge('ask > second'), edge('second > END')],
    });
    const run = await engine().start(definition);
    await eventually(() => run.recorded.log.includes('waits second'), 'the second wait');
    await run.signal('go', 'late');
    expect(await run.outcome()).toMatchObject({ output: { r: 'late', trail: ['ask'] } });
  });

  it('drops what is too large', async () => {
    const run = await engine().start(collector);
    await run.signal('more', 'x'.repeat(128 * 1024));
    await run.signal('more', 'y'.repeat(1000));
    await run.signal('more', 'end');
    expect((await run.outcome()).output).toEqual({ got: ['y'.repeat(1000), 'end'] });
  });

  it('ends a wait with the execution', async () => {
    const run = await engine().start(one({ signal: 'go', on_error: 'late' }));
    await eventually(() => run.recorded.waiting.waiting, 'the wait to be told');
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    expect(run.recorded.visits).toMatchObject([{ node: 'w', type: 'wait', status: 'cancelled' }]);
  });

  it('lets a fail node end the execution with its code, whatever that is', async () => {
    const failing = (code: string, more: Record<string, unknown> = {}): WorkflowDefinition =>
      workflow({
        state: TRAIL,
        nodes: [{ id: 'f', type: 'fail', code, message: { cel: '"no " + input' }, ...more }, step('late')],
        edges: [edge('START > f'), edge('f > END'), edge('late > END')],
      });
    const run = (definition: WorkflowDefinition) => engine().execute(definition, { input: 'stock' });
    expect(await run(failing('SOLD_OUT'))).toMatchObject({
      status: 'failed',
      error: { code: 'SOLD_OUT', message: 'no stock', node: 'f', visit: 1 },
    });
    expect(await run(failing('CANCELLED'))).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' } });
    expect(await run(failing('SOLD_OUT', { on_error: 'late' }))).toMatchObject({
      status: 'completed',
      output: { trail: ['late'] },
    });
  });
});

describe.each(CACHING)('a pause, %s', (_, options) => {
  const engine = useEngine(options, (harness) => harness.tool('t', (_args, { node }) => node));
  const chain = workflow({
    state: { r: { reducer: 'append' } },
    nodes: [wait('w', { signal: 'go' }), tool('a', 't', { output: 'r' }), tool('b', 't', { output: 'r' })],
    edges: [edge('START > w'), edge('w > a'), edge('w > b'), join(['a', 'b'], 'END')],
  });
  const ready = async (timeoutSeconds = 60) => {
    const run = await engine().start(chain, { timeoutSeconds });
    await eventually(() => run.recorded.waiting.waiting, 'the wait to be told');
    await run.send({ kind: 'pause', id: 'p1' });
    await run.signal('go');
    await eventually(() => !run.recorded.waiting.waiting, 'what was under way to end');
    return run;
  };

  it('lets what is under way end, begins nothing more, and stands still by the clock', async () => {
    const run = await ready(1);
    const later = Date.now() + 1_300;
    await eventually(() => Date.now() > later, 'the time limit to pass');
    expect(run.recorded.calls).toEqual([]);
    await run.send({ kind: 'resume', id: 'r1' });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: ['a', 'b'] } });
  });

  it('is taken once, also when it is told again later', async () => {
    const run = await ready();
    await run.send({ kind: 'resume', id: 'r1' });
    await run.send({ kind: 'pause', id: 'p1' });
    expect((await run.outcome()).status).toBe('completed');
  });

  it('can be cancelled', async () => {
    const run = await ready();
    await run.cancel();
    expect((await run.outcome()).status).toBe('cancelled');
    expect(run.recorded.calls).toEqual([]);
  });
});
