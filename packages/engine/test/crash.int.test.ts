import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineHarness } from './support/engine-harness.js';
import { TRAIL, agent, edge, step, tool, workflow } from './support/definitions.js';
import { WorkerProcess } from './support/worker-process.js';

describe('a killed worker', () => {
  let engine: EngineHarness;
  const workers: WorkerProcess[] = [];
  beforeAll(async () => {
    engine = await EngineHarness.open({ executionWorker: false });
  });
  afterAll(async () => {
    await engine.replayAndClose();
    for (const worker of workers) worker.kill();
  });

  const open = async (): Promise<WorkerProcess> => {
    const worker = await WorkerProcess.open(engine.queues.executions);
    workers.push(worker);
    return worker;
  };
  const outcome = (output: unknown) => `outcome ${JSON.stringify({ status: 'completed', output })}`;

  it('is followed by another one, which repeats the call that was under way and nothing else', async () => {
    const first = await open();
    const run = await engine.start(
      workflow({
        state: { a: {}, b: {}, ...TRAIL },
        nodes: [tool('a', 'quick', { output: 'a' }), step('t'), tool('b', 'slow', { output: 'b' })],
        edges: [edge('START > a'), edge('a > t'), edge('t > b'), edge('b > END')],
      }),
    );
    await first.said('run b#1 attempt 1');
    const second = await open();
    first.kill();
    expect(await second.said('outcome')).toBe(outcome({ a: 'by attempt 1', b: 'by attempt 2', trail: ['t'] }));
    expect(second.lines.filter((line) => line.startsWith('run'))).toEqual(['run b#1 attempt 2']);
    await engine.handle(run.executionId).result();
    second.kill();
  });

  it('is followed by another one in the middle of compensations, which undoes what is left, each once', async () => {
    const first = await open();
    const undo = (id: string, name: string) =>
      tool(id, 'quick', { compensate: { tool: name, arguments: { of: { cel: 'result' } } } });
    const run = await engine.start(
      workflow({
        nodes: [
          undo('a', 'quick'),
          undo('b', 'slow'),
          undo('c', 'quick'),
          { id: 'f', type: 'fail', code: 'X', message: '' },
        ],
        edges: [edge('START > a'), edge('a > b'), edge('b > c'), edge('c > f'), edge('f > END')],
      }),
    );
    await first.said('run b~compensate#1 attempt 1');
    const second = await open();
    first.kill();
    expect(await second.said('outcome')).toBe(`outcome ${JSON.stringify({ status: 'failed', output: null })}`);
    const undone = [...first.lines, ...second.lines].filter((line) => line.includes('~compensate'));
    expect(undone).toEqual([
      'run c~compensate#1 attempt 1',
      'run b~compensate#1 attempt 1',
      'run b~compensate#1 attempt 2',
      'run a~compensate#1 attempt 1',
    ]);
    await engine
      .handle(run.executionId)
      .result()
      .catch(() => undefined);
    second.kill();
  });

  it('loses no signal that came meanwhile, and no wait', async () => {
    const first = await open();
    const run = await engine.start(
      workflow({
        state: { a: {}, b: {} },
        nodes: [
          { id: 'a', type: 'wait', signal: 'one', output: 'a' },
          { id: 'b', type: 'wait', signal: 'two', output: 'b' },
        ],
        edges: [edge('START > a'), edge('a > b'), edge('b > END')],
      }),
    );
    await first.said('waits');
    first.kill();
    await run.signal('two', 2);
    await run.signal('one', 1);
    const second = await open();
    expect(await second.said('outcome')).toBe(outcome({ a: 1, b: 2 }));
    await engine.handle(run.executionId).result();
    second.kill();
  });

  it('loses no approval that it waited for', async () => {
    const first = await open();
    const run = await engine.start(
      workflow({
        state: { a: {} },
        nodes: [tool('a', 'risky', { output: 'a' })],
        edges: [edge('START > a'), edge('a > END')],
      }),
      { tools: { risky: { min_privilege_level: 3 } } },
    );
    await first.said('paused');
    first.kill();
    const [approval] = engine.activities.pending(run.executionId);
    if (approval) await run.decide(approval, 'approved');
    const second = await open();
    expect(await second.said('outcome')).toBe(outcome({ a: 'by attempt 1' }));
    expect(second.lines).toContain('resumed');
    await engine.handle(run.executionId).result();
    second.kill();
  });

  it('is followed in the middle of an agent, whose turns and calls that ended are not repeated', async () => {
    const first = await open();
    const run = await engine.start(
      workflow({
        state: { r: {} },
        nodes: [agent('a', 'quick, slow', { output: 'r' })],
        edges: [edge('START > a'), edge('a > END')],
      }),
      { tools: { quick: {}, slow: {} } },
    );
    await first.said('run a~1~slow#2 attempt 1');
    const second = await open();
    first.kill();
    await second.said('ask a~1#3 attempt 1');
    const third = await open();
    second.kill();
    expect(await third.said('outcome')).toBe(outcome({ r: 'by attempt 2' }));
    const did = [first, second, third].map(({ lines }) => lines.filter((line) => /^(run|ask)/.test(line)));
    expect(did).toEqual([
      ['ask a~1#1 attempt 1', 'run a~1~quick#1 attempt 1', 'ask a~1#2 attempt 1', 'run a~1~slow#2 attempt 1'],
      ['run a~1~slow#2 attempt 2', 'ask a~1#3 attempt 1'],
      ['ask a~1#3 attempt 2'],
    ]);
    await engine.handle(run.executionId).result();
    third.kill();
  });

  it('is followed in the middle of a child: nothing that was done is done again', async () => {
    const first = await open();
    const run = await engine.start(
      workflow({
        state: { a: {}, r: {} },
        nodes: [tool('a', 'quick', { output: 'a' }), { id: 'call', type: 'workflow', workflow: 'child', output: 'r' }],
        edges: [edge('START > a'), edge('a > call'), edge('call > END')],
      }),
    );
    const child = run.child('call');
    await first.said('run slow#1 attempt 1');
    const second = await open();
    first.kill();
    await second.said('paused');
    const third = await open();
    second.kill();
    const [approval] = engine.activities.pending(child.executionId);
    if (approval) await child.decide(approval, 'approved');
    const r = { r: ['by attempt 2', 'by attempt 1'] };
    expect(await third.said(outcome({ a: 'by attempt 1', r }))).toBe(outcome({ a: 'by attempt 1', r }));
    const said = [...second.lines, ...third.lines].filter((line) => /^(run|open)/.test(line));
    expect(said).toEqual(['run slow#1 attempt 2', 'run risky#1 attempt 1']);
    await engine.handle(run.executionId).result();
    third.kill();
  });
});
