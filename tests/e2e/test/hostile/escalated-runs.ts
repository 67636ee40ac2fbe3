import {
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  type Execution,
  execution,
  loadWorkflow,
  OPEN_GATE,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { world } from '../system.js';
import { type Attempt, type Harmless } from './attempt.js';
import { alone } from './estate.js';
import { person } from './people.js';

/** Attempts that run, and what must be the same after them. */
export interface Runs {
  attempts: Attempt[];
  truth: () => Promise<Record<string, unknown>>;
}

const ALL = ['admin', 'developer', 'approver'];
const OPEN = { gate: OPEN_GATE };

/** Executions that would do more than who started them may. */
export async function escalatedRuns(): Promise<Runs> {
  const [lowSub, highSub, granted] = [unique('low'), unique('high'), unique('granted')];
  const high = person({ sub: highSub, roles: ALL, level: 5 });
  const low = person({ sub: lowSub, roles: ['developer'], level: 2 });
  await high.must(201, high.post('/members', { sub: granted, roles: ['developer'], privilege_level: 2 }));
  const granted2 = person({ sub: granted, roles: ['developer'], level: 5 });
  const source = await upload(high, 'a\n1\n2\n');
  const tables: string[] = [];
  const table = (name = 'open_escalated'): string => {
    const made = unique(name);
    tables.push(made);
    return made;
  };
  let shown: Promise<unknown> | undefined;
  const harmless: Harmless = () =>
    (shown ??= publish(high, loadWorkflow({ table: unique('open_allowed'), ...OPEN })).then(async (id) =>
      completed(high, await start(high, id, { source })),
    ));
  const run = async (who: Client, workflow: string, headers = {}): Promise<Execution> => {
    const body = { input_data: { source } };
    const { id } = await who.must(202, who.post<Execution>(`/workflows/${workflow}/execute`, body, headers));
    return ended(who, id);
  };
  const deniedRun = async (row: Execution): Promise<string | undefined> => {
    const text = JSON.stringify(row.error_details);
    return row.status === 'failed' && text.includes('PRIVILEGE_DENIED') ? undefined : `${row.status} ${text}`;
  };
  const attempt = (says: string, hostile: Attempt['hostile']): Attempt => ({ says, harmless, hostile });
  const published = (definition: Definition): Promise<string> => publish(high, definition);
  const load = (node: object = {}, more: object = {}) =>
    loadWorkflow({ table: table(), ...OPEN, node: { ...node }, more: { ...more } });

  const nodes: [string, object][] = [
    ['as it is', {}],
    ['said to need level 1', { privilege_level: 1 }],
    ['said to need level 2', { privilege_level: 2 }],
    ['without a gate', { gate: undefined }],
  ];
  const starters: [string, Client][] = [
    ['level 2', low],
    ['level 1', person({ sub: unique('lowest'), roles: ['developer'], level: 1 })],
    ['a token of level 5 where 2 was granted', granted2],
    ['the role admin at level 2', person({ sub: unique('boss'), roles: ['admin'], level: 2 })],
  ];
  const calls = await Promise.all(nodes.map(async ([says, node]) => ({ says, id: await published(load(node)) })));
  const direct = calls.flatMap(({ says, id }) =>
    starters.map(([who, client]) =>
      attempt(`a load ${says}, started with ${who}`, async () => deniedRun(await run(client, id))),
    ),
  );

  const asked = calls[0]!.id;
  const headers: Record<string, string>[] = [
    { 'x-privilege-level': '5' },
    { 'x-agent-privilege-level': '5' },
    { 'x-user-id': highSub },
    { 'x-forwarded-user': highSub, 'x-roles': 'admin' },
    { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'privilege_level=5' },
    { 'x-request-id': highSub },
  ];
  const byHeaders = headers.map((header) =>
    attempt(`a load started with ${Object.keys(header).join(', ')}`, async () =>
      deniedRun(await run(low, asked, header)),
    ),
  );
  const members = [
    'privilege_level',
    'initiator',
    'initiator_level',
    'initiator_roles',
    'privilege_ceiling',
    'tenant_id',
  ];
  const byMembers = [...members, 'parent_execution_id', 'agent', 'max_privilege_level', 'approval_id'].map((member) =>
    attempt(`a start that says its ${member}`, async () => {
      const answer = await low.post(`/workflows/${asked}/execute`, { input_data: { source }, [member]: 5 });
      return answer.status === 400 ? undefined : `${String(answer.status)} ${answer.text}`;
    }),
  );

  const below = async (depth: number, node: object = {}): Promise<string> => {
    let called = load();
    for (let i = 0; i < depth; i++) {
      await published(called);
      const calls = { type: 'workflow', workflow: called.name, input: { cel: 'input' }, output: 'said' };
      called = alone({ ...calls, ...(i === depth - 1 ? node : {}) });
    }
    return published(called);
  };
  const chains: [string, number, object][] = [
    ['a child', 1, {}],
    ['a child of a child', 2, {}],
    ['one three deep', 3, {}],
    ['a child whose call is said to need level 1', 1, { privilege_level: 1 }],
  ];
  const byChildren = await Promise.all(
    chains.map(async ([says, depth, node]) => {
      const id = await below(depth, node);
      return [['level 2', low] as const, ['a token of level 5 where 2 was granted', granted2] as const].map(
        ([who, client]) =>
          attempt(`a load by ${says}, started with ${who}`, async () => deniedRun(await run(client, id))),
      );
    }),
  );
  const child = alone({ type: 'transform', set: { said: 'first' } });
  const childId = await published(child);
  const parent = await published(
    alone({ type: 'workflow', workflow: child.name, input: { cel: 'input' }, output: 'said' }),
  );
  const raised = { ...load(), name: child.name, input: {} };
  await high.must(201, high.post(`/workflows/${childId}/versions`, { graph_definition: raised }));
  const pinned = [low, high].map((who, i) =>
    attempt(`a child that loads since its parent was published, started with level ${i ? '5' : '2'}`, async () => {
      const { status, output_data } = await run(who, parent);
      return status === 'completed' && output_data === 'first' ? undefined : `${status} ${JSON.stringify(output_data)}`;
    }),
  );

  const conditions = ['false', '1 > 2', 'privilege_level > 5', "tool == 'other'", 'privilege_level < 3'];
  const waived = await Promise.all(
    [4, 5].flatMap((level) =>
      conditions.map(async (trigger_condition) => {
        const gate = { trigger_condition, approvals_required: 1 };
        const definition = loadWorkflow({ table: table('waived'), gate, node: { privilege_level: level } });
        const id = await published(definition);
        return attempt(`a gate of level ${String(level)} that opens by ${trigger_condition}`, async () => {
          const made = await start(high, id, { source });
          const { approvals_required } = await pendingApproval(high, made);
          const { status } = await execution(high, made);
          const enough = approvals_required >= (level === 5 ? 2 : 1);
          return status === 'paused_hitl' && enough ? undefined : `${status}, ${String(approvals_required)} asked`;
        });
      }),
    ),
  );
  const gates = [
    { approvals_required: 0 },
    { approvals_required: -1 },
    { trigger_condition: 'state.x' },
    { trigger_condition: '' },
  ];
  const refusedGates = gates.map((gate) =>
    attempt(`a gate that says ${JSON.stringify(gate)}`, async () => {
      const definition = loadWorkflow({ table: unique('waived'), gate, node: { privilege_level: 4 } });
      const answer = await high.post('/workflows', { name: definition.name, graph_definition: definition });
      return answer.status >= 400 ? undefined : `${String(answer.status)} ${answer.text}`;
    }),
  );

  const failedOne = await published(loadWorkflow({ table: table('rejected') }));
  const of = await start(high, failedOne, { source });
  const ann = person({ sub: unique('ann'), roles: ['approver'], level: 4 });
  await decide(ann, (await pendingApproval(ann, of)).id, 'reject');
  await ended(high, of);
  const anew = Object.entries({ retry: {}, fork: { node: 'load' }, replay: {} }).flatMap(([way, body]) =>
    [low, granted2].map((who, i) =>
      attempt(`${way} of a higher one's execution, by ${i ? 'a token above its grant' : 'level 2'}`, async () => {
        const { id } = await who.must(202, who.post<Execution>(`/executions/${of}/${way}`, body));
        return deniedRun(await ended(who, id));
      }),
    ),
  );

  const says = await published(alone({ type: 'transform', set: { said: 'done' } }));
  const keyed = (who: Client, key: string) =>
    who.post<Execution>(`/workflows/${says}/execute`, {}, { 'idempotency-key': key });
  const keys: [string, { sub: string; key: string }, { sub: string; key: string }][] = [
    ['the same key', { sub: highSub, key: 'k1' }, { sub: lowSub, key: 'k1' }],
    ['a key that begins with the other one', { sub: highSub, key: 'k2' }, { sub: lowSub, key: `${highSub}:k2` }],
    ['a key that completes a name', { sub: `${lowSub}:x`, key: 'k3' }, { sub: lowSub, key: 'x:k3' }],
    ['a key that completes an encoded name', { sub: `${lowSub}:y`, key: 'k4' }, { sub: lowSub, key: '%3Ay:k4' }],
  ];
  const byKeys = keys.map(([what, first, second]) =>
    attempt(`another one's start by ${what}`, async () => {
      const [theirs, own] = [first, second].map(
        ({ sub, key }) => [person({ sub, roles: ['developer'], level: 3 }), key] as const,
      );
      const one = await high.must(202, keyed(...theirs!));
      const two = await high.must(202, keyed(...own!));
      return one.id === two.id ? `both are ${one.id}` : undefined;
    }),
  );

  return {
    attempts: [
      ...direct,
      ...byHeaders,
      ...byMembers,
      ...byChildren.flat(),
      ...pinned,
      ...waived,
      ...refusedGates,
      ...anew,
      ...byKeys,
    ],
    truth: async () => ({ loads: await Promise.all(tables.map((name) => world().count('acme', name))) }),
  };
}
