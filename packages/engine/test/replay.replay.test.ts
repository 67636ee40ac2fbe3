import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RUNNABLE, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { APPROVAL_BUNDLE_PATH, GRAPH_BUNDLE_PATH, GRAPH_BUNDLE_WITH_STACKS_PATH } from '../src/worker/bundles.js';
import { quietRuntime, replayErrors } from './support/replay.js';

/** Kinds of nodes whose histories are still to be recorded: none may stay here. */
const WITHOUT: ReadonlySet<string> = new Set(['agent']);

const FOLDER = new URL('histories/', import.meta.url);

interface Case {
  definition: WorkflowDefinition;
  risky?: boolean;
  then?: string;
  commands?: { kind: string }[];
  continue_after?: object;
  resume?: object;
  coded?: boolean;
}
const CASES = JSON.parse(readFileSync(new URL('cases.json', FOLDER), 'utf8')) as Record<string, Case>;
const all = Object.values(CASES);
const nodes = all.flatMap(({ definition }) => definition.nodes);
const edges = all.flatMap(({ definition }) => definition.edges);
const hasMember = (name: string) => nodes.some((node: NodeDefinition) => name in node);
const told = (kind: string) => all.some(({ commands = [] }) => commands.some((command) => command.kind === kind));

/** What changes how an execution goes, beside the kinds of nodes. */
const WAYS: Record<string, () => boolean> = {
  'a function in a process of its own': () => nodes.some((n) => n.type === 'function' && n.placement !== 'local'),
  'a function beside the workflow': () => nodes.some((n) => n.type === 'function' && n.placement === 'local'),
  'a time to wait': () => hasMember('seconds'),
  'a time to wait until': () => hasMember('until'),
  'a signal': () => told('signal'),
  'a signal that does not come': () => nodes.some((n) => n.type === 'wait' && n.timeout_seconds !== undefined),
  pause: () => told('pause'),
  resume: () => told('resume'),
  cancel: () => told('cancel') && all.some(({ then }) => then === 'cancel'),
  'an approval': () => all.some(({ then }) => then === 'approved'),
  'a rejection': () => all.some(({ then }) => then === 'rejected'),
  'an edit, and its approval': () => all.some(({ then }) => then === 'edited'),
  'an answer in place of a call': () => all.some(({ then }) => then === 'answered'),
  'an agent that remembers': () => hasMember('memory'),
  'an agent from code': () => all.some(({ coded }) => coded === true),
  'an expiry': () => all.some(({ definition }) => definition.hitl_gates !== undefined),
  'a compensation': () => hasMember('compensate'),
  'an error that is taken': () => hasMember('on_error'),
  'an open breaker': () => hasMember('on_open'),
  'an open breaker that is waited for': () => hasMember('open_wait_seconds'),
  'another attempt': () => hasMember('retry'),
  'a condition': () => edges.some(({ condition }) => condition !== undefined),
  'a join': () => edges.some(({ source }) => Array.isArray(source)),
  'an item each': () => edges.some(({ for_each }) => for_each !== undefined),
  'a few at once': () => edges.some(({ max_concurrency }) => max_concurrency !== undefined),
  'errors that are collected': () => edges.some(({ on_item_error }) => on_item_error === 'collect'),
  'a limit of steps': () => all.some(({ definition }) => definition.limits?.max_steps !== undefined),
  'a limit of time': () => all.some(({ definition }) => definition.limits?.timeout_seconds !== undefined),
  'several runs': () => all.some(({ continue_after }) => continue_after !== undefined),
  'a beginning in the middle': () => all.some(({ resume: point }) => point !== undefined),
};

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
    ['graph', 'as it runs', GRAPH_BUNDLE_PATH, 42],
    ['graph', 'with stacks', GRAPH_BUNDLE_WITH_STACKS_PATH, 42],
    ['approval', 'as it runs', APPROVAL_BUNDLE_PATH, 8],
  ])('of %s workflows replay on the current code, %s', async (kind, _, bundle, count) => {
    const recorded = histories(kind);
    expect(recorded.length).toBeGreaterThanOrEqual(count);
    expect(await replayErrors(bundle, recorded)).toEqual([]);
  });

  it.each([...RUNNABLE.nodeTypes].filter((type) => !WITHOUT.has(type)))('show a node of the kind %s', (type) => {
    expect(nodes.some((node) => node.type === type)).toBe(true);
  });

  it.each(Object.keys(WAYS))('show %s', (way) => {
    expect(WAYS[way]?.()).toBe(true);
  });

  it.each(Object.keys(CASES))('hold the case %s', (name) => {
    expect(existsSync(new URL(`graph.${name}.json`, FOLDER))).toBe(true);
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
