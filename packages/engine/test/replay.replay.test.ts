import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { APPROVAL_BUNDLE_PATH, GRAPH_BUNDLE_PATH, GRAPH_BUNDLE_WITH_STACKS_PATH } from '../src/worker/bundles.js';
import { quietRuntime, replayErrors } from './support/replay.js';

const FOLDER = new URL('histories/', import.meta.url);

const histories = (kind: string) =>
  readdirSync(FOLDER)
    .filter((name) => name.startsWith(`${kind}.`))
    .map((name) => ({
      workflowId: name,
      history: JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as unknown,
    }));

/** Each replay evaluates the bundle anew: slow where much else runs. */
jest.setTimeout(180_000);

describe('golden histories', () => {
  beforeAll(quietRuntime);

  it.each([
    ['graph', 'as it runs', GRAPH_BUNDLE_PATH, 14],
    ['graph', 'with stacks', GRAPH_BUNDLE_WITH_STACKS_PATH, 14],
    ['approval', 'as it runs', APPROVAL_BUNDLE_PATH, 5],
  ])('of %s workflows replay on the current code, %s', async (kind, _, bundle, count) => {
    const recorded = histories(kind);
    expect(recorded.length).toBeGreaterThanOrEqual(count);
    expect(await replayErrors(bundle, recorded)).toEqual([]);
  });

  it('would tell of a change: a history of other work does not replay', async () => {
    const [first] = histories('graph');
    const text = JSON.stringify(first?.history).replaceAll('runTool', 'runOtherwise');
    const errors = await replayErrors(GRAPH_BUNDLE_PATH, [
      { workflowId: 'changed', history: JSON.parse(text) as unknown },
    ]);
    expect(errors).toHaveLength(1);
  });
});
