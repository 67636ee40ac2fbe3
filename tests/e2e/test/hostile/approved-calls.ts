import {
  type Answer,
  type Approval,
  type Client,
  decide,
  type Definition,
  ended,
  type Execution,
  execution,
  loadWorkflow,
  pendingApproval,
  pendingApprovals,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { world } from '../system.js';
import { type Attempt, type Category, type Harmless } from './attempt.js';
import { alone, TOOL } from './estate.js';
import { insider } from './insider.js';
import { person } from './people.js';

const ROWS = 2;

/** What tells whether anything of it happened: an approval's row, or a table of the warehouse. */
interface Watched {
  approvals: string[];
  tables: string[];
}

class Desk {
  readonly watched: Watched = { approvals: [], tables: [] };
  readonly developer = person({ sub: unique('dev'), roles: ['developer'], level: 5 });
  readonly ann = person({ sub: unique('ann'), roles: ['approver'], level: 5 });
  readonly ben = person({ sub: unique('ben'), roles: ['approver'], level: 5 });
  readonly admin = person({ sub: unique('boss'), roles: ['admin', 'approver'], level: 5 });
  source = '';

  async run(definition: Definition, input: object = {}): Promise<string> {
    return start(this.developer, await publish(this.developer, definition), { source: this.source, ...input });
  }

  /** A load that waits for its approval. */
  async asked(gate: object = {}): Promise<{ id: string; approval: Approval; table: string }> {
    const table = unique('asked');
    const id = await this.run(loadWorkflow({ table, gate: { ...gate } }));
    return { id, table, approval: await pendingApproval(this.ann, id) };
  }

  table(name: string): string {
    const table = unique(name);
    this.watched.tables.push(table);
    return table;
  }

  watch({ approval, table }: { approval: Approval; table: string }): void {
    this.watched.approvals.push(approval.id);
    this.watched.tables.push(table);
  }
}

const landed = (table: string, rows = ROWS): Promise<unknown> =>
  eventually(async () => (await world().count('acme', table)) === rows, `${table} to have ${String(rows)} rows`);

async function refused<T>(answer: Promise<Answer<T>>, statuses: number[]): Promise<string | undefined> {
  const { status, text } = await answer;
  return statuses.includes(status) ? undefined : `${String(status)} ${text.slice(0, 200)}`;
}

/** Calls that are changed once they were approved, and approvals that are used for more than they were given for. */
export async function approvedCalls(): Promise<Category> {
  const desk = new Desk();
  desk.source = await upload(desk.developer, 'a\n1\n2\n');
  let shown: Promise<unknown> | undefined;
  const harmless: Harmless = () =>
    (shown ??= desk.asked().then(async ({ approval, table }) => {
      await desk.ann.must(200, decide(desk.ann, approval.id));
      await landed(table);
    }));
  const inside = await insider();
  const parts = await Promise.all([
    decided(desk, harmless),
    smuggled(desk, harmless),
    otherWork(desk, harmless),
    otherVisits(desk, harmless),
    meanwhile(desk, harmless),
  ]);
  const { approvals, tables } = desk.watched;
  return {
    name: 'argument swaps and replayed approvals',
    attempts: [...parts.flat(), ...inside.attempts],
    truth: async () => ({
      approvals: await world().rows(
        `select id, status, decided_by, arguments, payload_hash, consumed_by from agf_hitl_approvals
         where id = any($1) order by id`,
        [approvals],
      ),
      tables: await Promise.all(tables.map((table) => world().count('acme', table))),
      inside: await inside.truth(),
    }),
    close: inside.close,
  };
}

/** What is decided is decided: approve and reject, again and by others. */
async function decided(desk: Desk, harmless: Harmless): Promise<Attempt[]> {
  const { ann, ben, admin, developer } = desk;
  const ways: [string, (asked: { id: string; approval: Approval; table: string }) => Promise<unknown>, object?][] = [
    [
      'approved and used',
      async ({ approval, table }) => {
        await decide(ann, approval.id);
        await landed(table);
      },
    ],
    [
      'rejected',
      async ({ id, approval }) => {
        await decide(ann, approval.id, 'reject');
        await ended(developer, id);
      },
    ],
    ['expired', ({ id }) => ended(developer, id), { approval_timeout_hours: 0.001, auto_reject_on_timeout: true }],
    [
      'cancelled with its execution',
      async ({ id }) => {
        await developer.must(202, developer.post(`/executions/${id}/cancel`));
        await ended(developer, id);
      },
    ],
  ];
  const all = await Promise.all(
    ways.map(async ([says, end, gate]) => {
      const asked = await desk.asked(gate);
      await end(asked);
      desk.watch(asked);
      return { says, id: asked.approval.id };
    }),
  );
  const { gateway, apps } = world().local;
  return all.flatMap(({ says, id }) =>
    (['approve', 'reject'] as const).flatMap((decision) =>
      [ann, ben, admin].flatMap((who) =>
        [gateway, apps['hitl-approval'].url].map((base): Attempt => ({
          says: `${decision} what is ${says}, by ${who === ann ? 'the same' : who === ben ? 'another' : 'an admin'} at ${base}`,
          harmless,
          hostile: () => refused(decide(who.at(base), id, decision), [422]),
        })),
      ),
    ),
  );
}

/** What would be done otherwise than it is shown, said beside the approval. */
async function smuggled(desk: Desk, harmless: Harmless): Promise<Attempt[]> {
  const asked = await desk.asked();
  desk.watch(asked);
  const evil = desk.table('smuggled');
  const bodies: [string, string][] = [
    ['arguments', JSON.stringify({ arguments: { source: desk.source, table: evil } })],
    ['one argument', JSON.stringify({ 'arguments.table': evil })],
    ['a tool', JSON.stringify({ tool: 'http_write' })],
    ['a version of the tool', JSON.stringify({ tool_version: 2 })],
    ['a hash', JSON.stringify({ payload_hash: '0'.repeat(64) })],
    ['a status', JSON.stringify({ status: 'consumed' })],
    ['who decides', JSON.stringify({ decided_by: 'acme-admin', actor: 'acme-admin' })],
    ['who asked', JSON.stringify({ requested_by: 'nobody' })],
    ['how many are needed', JSON.stringify({ approvals_required: 0 })],
    ['a level', JSON.stringify({ privilege_level: 1 })],
    ['a tenant', JSON.stringify({ tenant_id: 'ac3e0000-0000-4000-8000-000000000001' })],
    ['another execution', JSON.stringify({ execution_id: asked.id })],
    ['another visit', JSON.stringify({ node: 'load', visit: 2 })],
    ['a deadline', JSON.stringify({ expires_at: '2099-01-01T00:00:00Z' })],
    ['a prototype', `{"__proto__":{"arguments":{"table":"${evil}"}}}`],
    ['a constructor', `{"constructor":{"prototype":{"arguments":{"table":"${evil}"}}}}`],
    ['notes that are an object', JSON.stringify({ notes: { table: evil } })],
    ['a list', JSON.stringify([{ notes: 'x' }])],
  ];
  const { gateway, apps } = world().local;
  return bodies.flatMap(([says, body]) =>
    [gateway, apps['hitl-approval'].url].map((base): Attempt => ({
      says: `an approval that says ${says}, at ${base}`,
      harmless,
      hostile: () =>
        refused(
          desk.ann
            .at(base)
            .request('POST', `/hitl/${asked.approval.id}/approve`, { raw: { type: 'application/json', body } }),
          [says === 'a hash' ? 409 : 400],
        ),
    })),
  );
}

/** An approval that was used stands for nothing that is made of its execution. */
async function otherWork(desk: Desk, harmless: Harmless): Promise<Attempt[]> {
  const { ann, ben, developer } = desk;
  const first = await desk.asked();
  await ann.must(200, decide(ann, first.approval.id));
  await landed(first.table);
  desk.watch(first);
  const rejected = await desk.asked();
  await ann.must(200, decide(ann, rejected.approval.id, 'reject'));
  await ended(developer, rejected.id);
  desk.watch(rejected);
  const other = await upload(developer, 'a\n7\n8\n9\n');
  const ways: [string, { id: string; approval: Approval }, string, object][] = [
    ['a replay', first, 'replay', {}],
    ['a replay with another input', first, 'replay', { override_input: { source: other } }],
    ['a fork', first, 'fork', { node: 'load' }],
    ['a fork with other state', first, 'fork', { node: 'load', state: { loaded: { table: 'x' } } }],
    ['a retry', rejected, 'retry', {}],
    ['a replay of what was rejected', rejected, 'replay', {}],
  ];
  const made = await Promise.all(
    ways.map(async ([says, of, way, body]) => {
      const anew = await developer.must(202, developer.post<Execution>(`/executions/${of.id}/${way}`, body));
      const approval = await pendingApproval(ann, anew.id);
      desk.watched.approvals.push(approval.id);
      return { says, of, id: anew.id, approval };
    }),
  );
  return made.flatMap(({ says, of, id, approval }) => [
    ...(['approve', 'reject'] as const).flatMap((decision) =>
      [ann, ben].map((who): Attempt => ({
        says: `${decision} ${says} by the approval of the first one, ${who === ann ? 'by the same' : 'by another'}`,
        harmless,
        hostile: async () => (await refused(decide(who, of.approval.id, decision), [422])) ?? stillAsks(developer, id),
      })),
    ),
    {
      says: `${says} under the same approval`,
      harmless,
      hostile: async () => {
        const { body } = await ann.get<Approval>(`/hitl/${approval.id}`);
        if (approval.id === of.approval.id) return 'it is the same approval';
        return body.status === 'pending' ? stillAsks(developer, id) : body.status;
      },
    },
  ]);
}

async function stillAsks(client: Client, id: string): Promise<string | undefined> {
  const { status } = await execution(client, id);
  return status === 'paused_hitl' ? undefined : `the execution is ${status}`;
}

/** One visit's approval is not another node's, nor the next visit's. */
async function otherVisits(desk: Desk, harmless: Harmless): Promise<Attempt[]> {
  const { ann, ben, developer } = desk;
  const [one, two, again] = [unique('visit'), desk.table('visit'), desk.table('visit')];
  const load = (id: string, table: string) => ({
    ...{ id, type: 'tool', tool: 'table_load', arguments: { source: { cel: 'input.source' }, table } },
    gate: 'publish',
  });
  const both = loadWorkflow({
    table: 'unused',
    more: {
      nodes: [load('one', one), load('two', two)],
      edges: ['one', 'two'].flatMap((id) => [
        { source: 'START', target: id },
        { source: id, target: 'END' },
      ]),
    },
  });
  const twice = loadWorkflow({
    table: again,
    more: {
      limits: { max_steps: 5 },
      edges: [
        { source: 'START', target: 'load' },
        { source: 'load', target: 'load', condition: 'state.loaded != null' },
        { source: 'load', target: 'END', otherwise: true },
      ],
    },
  });
  const [parallel, loop] = await Promise.all([desk.run(both), desk.run(twice)]);
  const pair = await pendingApprovals(ann, parallel, 2);
  const approvedOne = pair.find(({ node }) => node === 'one')!;
  const first = await pendingApproval(ann, loop);
  await Promise.all([approvedOne, first].map(({ id }) => ann.must(200, decide(ann, id))));
  await Promise.all([landed(one), landed(again)]);
  const second = await eventually(async () => {
    const open = await pendingApproval(ann, loop);
    return open.id === first.id ? undefined : open;
  }, 'the second visit to ask');
  desk.watched.approvals.push(approvedOne.id, first.id, second.id);
  desk.watched.tables.push(one);
  const tries: [string, Approval, string][] = [
    ['the node beside it', approvedOne, parallel],
    ['the next visit', first, loop],
  ];
  return tries.flatMap(([says, approval, id]) =>
    (['approve', 'reject'] as const).flatMap((decision) =>
      [ann, ben].map((who): Attempt => ({
        says: `${decision} ${says} by an approval that was used, ${who === ann ? 'by the same' : 'by another'}`,
        harmless,
        hostile: async () => (await refused(decide(who, approval.id, decision), [422])) ?? stillAsks(developer, id),
      })),
    ),
  );
}

/** What an approval showed is what runs, whatever changes until it is given. */
async function meanwhile(desk: Desk, harmless: Harmless): Promise<Attempt[]> {
  const { ann, developer } = desk;
  const evil = desk.table('swapped');
  const published = async (): Promise<string | undefined> => {
    const table = unique('shown');
    const definition = loadWorkflow({ table });
    const workflow = await publish(developer, definition);
    const id = await start(developer, workflow, { source: desk.source });
    const approval = await pendingApproval(ann, id);
    const swapped = { ...loadWorkflow({ table: evil, gate: { trigger_condition: 'false' } }), name: definition.name };
    await developer.must(201, developer.post(`/workflows/${workflow}/versions`, { graph_definition: swapped }));
    return ranAs(approval, id, table);
  };
  const ranAs = async (approval: Approval, id: string, table: string): Promise<string | undefined> => {
    await ann.must(200, decide(ann, approval.id));
    const { status } = await ended(developer, id);
    const [shown, other] = [await world().count('acme', table), await world().count('acme', evil)];
    return status === 'completed' && shown === ROWS && other === 0
      ? undefined
      : `${status}, ${String(shown)} rows where it was shown, ${String(other)} elsewhere`;
  };
  const signalled = async (): Promise<string | undefined> => {
    const table = unique('shown');
    const definition = loadWorkflow({
      table,
      more: {
        state: { loaded: {}, notes: { reducer: 'append' }, table: { default: table } },
        nodes: [
          {
            ...{ id: 'load', type: 'tool', tool: 'table_load', gate: 'publish' },
            arguments: { source: { cel: 'input.source' }, table: { cel: 'state.table' } },
          },
          { id: 'swap', type: 'wait', signal: 'swap', output: 'table' },
        ],
        edges: ['load', 'swap'].flatMap((id) => [
          { source: 'START', target: id },
          { source: id, target: 'END' },
        ]),
      },
    });
    const id = await desk.run(definition);
    const approval = await pendingApproval(ann, id);
    const answer = await developer.request('POST', `/executions/${id}/signals/swap`, { json: evil });
    if (answer.status !== 202) throw new Error(answer.text);
    return ranAs(approval, id, table);
  };
  const deleted = async (): Promise<string | undefined> => {
    const table = unique('deleted');
    const source = await upload(developer, 'a\n1\n2\n');
    const id = await desk.run(loadWorkflow({ table }), { source });
    const approval = await pendingApproval(ann, id);
    const [, artifact = ''] = source.split(':');
    await developer.must(204, developer.request('DELETE', `/artifacts/${artifact}`));
    await upload(developer, 'a\n6\n6\n6\n');
    await ann.must(200, decide(ann, approval.id));
    const { status } = await ended(developer, id);
    const rows = await world().count('acme', table);
    return status === 'failed' && rows === 0 ? undefined : `${status}, ${String(rows)} rows`;
  };
  const repointed = async (): Promise<string | undefined> => {
    const name = unique('tool');
    const tool = (url: string): object => ({ ...TOOL, min_privilege_level: 3, http: { method: 'GET', url } });
    await developer.must(201, developer.post('/tools', { name, ...tool('https://example.com/') }));
    const id = await desk.run(alone({ type: 'tool', tool: name, arguments: {}, output: 'said' }));
    const approval = await pendingApproval(ann, id);
    await developer.must(200, developer.request('PUT', `/tools/${name}`, { json: tool('https://evil.example/') }));
    await ann.must(200, decide(ann, approval.id));
    // Nothing was done for it: people are asked about the tool as it is now.
    await eventually(async () => (await pendingApproval(ann, id)).id !== approval.id, 'people to be asked anew');
    const { body } = await ann.get<Approval>(`/hitl/${approval.id}`);
    return body.status === 'consumed' ? 'it was called under the approval of what it was' : stillAsks(developer, id);
  };
  return [
    { says: 'a tool that is pointed elsewhere, while people are asked', harmless, hostile: repointed },
    { says: 'a new version that loads elsewhere, while people are asked', harmless, hostile: published },
    { says: 'a signal that changes the state of the arguments, while people are asked', harmless, hostile: signalled },
    { says: 'an artifact that is removed and another put there, while people are asked', harmless, hostile: deleted },
  ];
}
