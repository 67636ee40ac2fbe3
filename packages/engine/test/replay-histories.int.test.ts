import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { executionWorkflowId } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { exportHistories, parseHistory, replayHistories, type HistoryFile } from '../src/replay/index.js';
import { edge, tool, workflow } from './support/definitions.js';
import { useEngine } from './support/engine-harness.js';

const LARGE = 'x'.repeat(200_000);
const name = `exported-${randomUUID()}`;

const definition = workflow({
  state: { r: {}, n: { reducer: 'sum' } },
  nodes: [
    tool('read', 'read', { output: 'r' }),
    tool('load', 'load', { arguments: { r: { cel: 'state.r' } } }),
    { id: 'count', type: 'transform', set: { n: 1 } },
  ],
  edges: [
    edge('START > read'),
    edge('read > load'),
    edge('load > count'),
    edge('count > count', { condition: 'state.n < 5' }),
    edge('count > END', { otherwise: true }),
  ],
  more: { name },
});

async function all<T>(each: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of each) list.push(one);
  return list;
}
/** As a file keeps it. */
const written = (file: HistoryFile): HistoryFile => parseHistory(JSON.stringify(file), 'file');

describe('exported histories', () => {
  const engine = useEngine({}, (harness) => {
    harness.tool('read', () => LARGE).tool('load', () => null);
  });
  const run = async () => {
    const started = await engine().start(definition, {
      tools: { load: { min_privilege_level: 3 } },
      continueAfter: { events: 1_000_000, visits: 3 },
    });
    const [approval] = await started.pending();
    await started.decide(approval!, 'approved');
    await started.outcome();
    return {
      ids: [executionWorkflowId('tenant-a', started.executionId), `tenant-a/approval/${approval!.approval_id}`],
    };
  };

  it('replay without the store whose values they name, each run of them', async () => {
    const { ids } = await run();
    const files = await all(exportHistories(engine().client, { workflowIds: ids }, engine().payloads));
    expect(files.map(({ workflow_id }) => workflow_id)).toEqual(expect.arrayContaining(ids));
    expect(files.length).toBeGreaterThan(2);
    expect(files.some(({ payloads }) => Object.keys(payloads).length > 0)).toBe(true);
    const reports = await all(replayHistories(files.map(written)));
    expect(reports.map(({ error }) => error)).toEqual(files.map(() => null));
    expect(new Set(reports.map(({ workflow_type }) => workflow_type))).toEqual(
      new Set(['graphWorkflow', 'approvalWorkflow']),
    );
  }, 60_000);

  it('are found by the name of their definition, the newest first', async () => {
    await run();
    const find = (workflow: string) =>
      all(exportHistories(engine().client, { workflow, newest: 1 }, engine().payloads));
    // Temporal's list comes a moment after what it lists.
    const newest = await eventually(async () => {
      const found = await find(name);
      return found.length > 0 ? found : null;
    }, 'a history of the name');
    expect(new Set(newest.map(({ workflow_id }) => workflow_id)).size).toBe(1);
  }, 60_000);

  it('tell of code that does something else, of code that is not there, and of values that are not', async () => {
    const { ids } = await run();
    const [file] = await all(exportHistories(engine().client, { workflowIds: ids.slice(0, 1) }, engine().payloads));
    const changed = (from: string, to: string): HistoryFile =>
      parseHistory(JSON.stringify(file).replaceAll(from, to), 'changed');
    const reports = await all(
      replayHistories([changed('"runTool"', '"runOtherwise"'), changed('"graphWorkflow"', '"theirs"')]),
    );
    expect(reports.map(({ error }) => error)).toEqual([
      expect.stringContaining('Nondeterminism'),
      expect.stringContaining('no code'),
    ]);
    const [without] = await all(replayHistories([{ ...file!, payloads: {} }]));
    expect(without?.error).toMatch(/payload/);
  }, 60_000);

  it('are told from other files', () => {
    expect(() => parseHistory('{', 'a.json')).toThrow(/a\.json is not JSON/);
    expect(() => parseHistory('{"events":[]}', 'a.json')).toThrow(/no history/);
    const golden = readFileSync(new URL('histories/graph.chain.json', import.meta.url), 'utf8');
    expect(parseHistory(golden, 'graph.chain')).toMatchObject({ workflow_id: 'graph.chain', payloads: {} });
  });
});
