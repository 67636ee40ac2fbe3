import { type Client, type Definition, publish, unique } from '@aumos/agf-test-support';

/** Of the leaf's breaker. */
export const LEAF_BREAKER = { failure_threshold: 3, reset_timeout_seconds: 15, half_open_max_calls: 1 };

/** Five workflows, each a child of the one before; the last one calls what fails. */
export interface FailingChain {
  /** their ids, the root first */
  levels: string[];
  leaf: string;
}

const edge = (source: string, target: string): object => ({ source, target });

/** Beside its call each level has a branch of its own, which takes longer and calls nothing that fails. */
const BESIDE = [
  { id: 'beside', type: 'wait', seconds: 0.3 },
  { id: 'besides', type: 'transform', set: { said: ['beside'] } },
];

const level = (called: string, node: object = {}, caught: string[] = []): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('level'),
  state: { below: {}, said: { reducer: 'append' } },
  nodes: [
    { id: 'call', type: 'workflow', workflow: called, input: { cel: 'input' }, output: 'below', ...node },
    ...BESIDE,
    ...caught.map((id) => ({ id, type: 'transform', set: { said: { cel: `['${id}: ' + state.error.code]` } } })),
  ],
  edges: [
    ...[edge('START', 'call'), edge('START', 'beside'), edge('beside', 'besides'), edge('besides', 'END')],
    ...['call', ...caught].map((id) => edge(id, 'END')),
  ],
  output: { cel: "{'below': state.below, 'said': state.said}" },
});

/** It asks `url`, which is well, and cannot do anything with what that says: the failure is its own. */
const leafOf = (url: string): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('leaf'),
  state: { value: {} },
  nodes: [{ id: 'ask', type: 'tool', tool: 'http_get', arguments: { url }, outputs: { value: 'result.json.value' } }],
  edges: [edge('START', 'ask'), edge('ask', 'END')],
  output: { cel: 'state.value' },
  circuit_breaker: LEAF_BREAKER,
});

/**
 * The fourth level takes the refusal of the leaf by its `on_open`; a failure of the leaf goes up to the root, which
 * takes that by its `on_error`. All but the leaf's breaker would open at the first failure that they count.
 */
export async function publishChain(client: Client, url: string): Promise<FailingChain> {
  const strict = { circuit_breaker: { failure_threshold: 1 } };
  const leaf = leafOf(url);
  const fourth = { ...level(leaf.name, { on_open: 'contained' }, ['contained']), ...strict };
  const third = { ...level(fourth.name), ...strict };
  const second = { ...level(third.name), ...strict };
  const root = { ...level(second.name, { on_error: 'failed' }, ['failed']), ...strict };
  const ids: string[] = [];
  for (const each of [leaf, fourth, third, second, root]) ids.unshift(await publish(client, each));
  return { levels: ids, leaf: ids[4] as string };
}
