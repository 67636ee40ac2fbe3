import {
  type Answer,
  type Approval,
  type Client,
  decide,
  ended,
  loadWorkflow,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { world } from '../system.js';
import { type Attempt, type Category, type Harmless } from './attempt.js';
import { person } from './people.js';
import { actors, refused } from './self-approval.js';

const ALL = ['admin', 'developer', 'approver'];
const ROWS = 2;
/** As `table_load` would have said it. */
const LOADED = { table: 'mine', schema: 'public', rows: 1, columns: 1, created: false, mode: 'append' };
type Verb = 'edit' | 'respond';
const VERBS: readonly Verb[] = ['edit', 'respond'];

/** A load that waits for its approval, and where it would land. */
interface Asked {
  id: string;
  approval: Approval;
  table: string;
}

class Desk {
  readonly asker = `${unique('asker')}a`;
  readonly client = person({ sub: this.asker, roles: ALL, level: 5 });
  readonly ann = this.approver('ann');
  readonly ben = this.approver('ben');
  readonly watched: Asked[] = [];
  /** nothing is ever loaded there */
  readonly never = unique('never');
  source = '';

  /** Each is shown once, for all attempts that bend it. */
  readonly harmless: Record<Verb, Harmless> = { edit: once(() => this.edited()), respond: once(() => this.answered()) };

  async asked(): Promise<Asked> {
    const table = unique('asked');
    const id = await start(this.client, await publish(this.client, loadWorkflow({ table })), { source: this.source });
    return { id, table, approval: await pendingApproval(this.ann, id) };
  }

  async watch(): Promise<Asked> {
    const asked = await this.asked();
    this.watched.push(asked);
    return asked;
  }

  body(verb: Verb, table = this.never): object {
    return verb === 'edit' ? { arguments: { source: this.source, table } } : { result: LOADED };
  }

  /** What people are asked once the call is edited. */
  async anew({ id, approval }: Asked, editor: Client, table = this.never): Promise<Approval> {
    await editor.must(200, editor.post(`/hitl/${approval.id}/edit`, this.body('edit', table)));
    return eventually(async () => {
      const open = await pendingApproval(this.ben, id);
      return open.id === approval.id ? undefined : open;
    }, 'the edited call to be asked about');
  }

  private async edited(): Promise<void> {
    const [asked, table] = [await this.asked(), unique('edited')];
    await this.ben.must(200, decide(this.ben, (await this.anew(asked, this.ann, table)).id));
    await ended(this.client, asked.id);
    const rows = [await world().count('acme', table), await world().count('acme', asked.table)];
    if (rows[0] !== ROWS || rows[1] !== 0) throw new Error(`${rows.join()} rows`);
  }

  private async answered(): Promise<void> {
    const asked = await this.asked();
    await this.ann.must(200, this.ann.post(`/hitl/${asked.approval.id}/respond`, this.body('respond')));
    const { status } = await ended(this.client, asked.id);
    const rows = await world().count('acme', asked.table);
    if (status !== 'completed' || rows !== 0) throw new Error(`${status}, ${String(rows)} rows`);
  }

  private approver(name: string): Client {
    return person({ sub: unique(name), roles: ['approver'], level: 5 });
  }
}

function once(show: () => Promise<void>): Harmless {
  let shown: Promise<void> | undefined;
  return () => (shown ??= show());
}

/** Calls that are edited or answered in their place by who may not, with what may not be said, or too late. */
export async function editsAndAnswers(): Promise<Category> {
  const desk = new Desk();
  desk.source = await upload(desk.client, 'a\n1\n2\n');
  const attempts = await Promise.all([byOthers(desk), byTheEditor(desk), tooLate(desk), smuggled(desk)]);
  const ids = desk.watched.map(({ approval }) => approval.execution_id);
  return {
    name: 'edits and answers',
    attempts: attempts.flat(),
    truth: async () => ({
      approvals: await world().rows(
        `select id, status, decided_by, arguments, given, edited_by from agf_hitl_approvals
         where execution_id = any($1) order by id`,
        [ids],
      ),
      rows: await Promise.all(
        [desk.never, ...desk.watched.map(({ table }) => table)].map((t) => world().count('acme', t)),
      ),
    }),
  };
}

async function byOthers(desk: Desk): Promise<Attempt[]> {
  const { approval } = await desk.watch();
  const { gateway, apps } = world().local;
  const who = (await actors(desk.asker)).filter(({ below }) => below === undefined || below < approval.privilege_level);
  return VERBS.flatMap((verb) =>
    who.flatMap((actor) =>
      [gateway, apps['hitl-approval'].url].map((base): Attempt => ({
        says: `${verb} by ${actor.says} at ${base}`,
        harmless: desk.harmless[verb],
        hostile: () =>
          refused(person(actor.who).at(base).post(`/hitl/${approval.id}/${verb}`, desk.body(verb)), actor.refusal),
      })),
    ),
  );
}

/** Who wrote the arguments decides on them in no way, under no name. */
async function byTheEditor(desk: Desk): Promise<Attempt[]> {
  const sub = `${unique('editor')}a`;
  const editor = person({ sub, roles: ['approver'], level: 5 });
  const open = await desk.anew(await desk.watch(), editor);
  const spelled = [sub, sub.toUpperCase(), `${sub} `, ` ${sub}`, `${sub}\u200b`, sub.replace('a', 'ａ')];
  const ways = [...spelled.map((each) => [each, 'approver'] as const), [sub, 'admin'] as const];
  const bodies: [string, object][] = [
    ['approve', {}],
    ['reject', { notes: 'no' }],
    ['edit', desk.body('edit', unique('again'))],
    ['respond', desk.body('respond')],
  ];
  return ways.flatMap(([each, role]) =>
    bodies.map(([verb, body]): Attempt => ({
      says: `${verb} by who edited it, as ${JSON.stringify(each)}, ${role}`,
      harmless: desk.harmless.edit,
      hostile: () =>
        refused(person({ sub: each, roles: [role], level: 5 }).post(`/hitl/${open.id}/${verb}`, body), [403, 'editor']),
    })),
  );
}

async function tooLate(desk: Desk): Promise<Attempt[]> {
  const { ann, ben, client } = desk;
  const ways: [string, (asked: Asked) => Promise<unknown>][] = [
    ['approved', ({ approval }) => decide(ann, approval.id)],
    ['rejected', ({ approval }) => decide(ann, approval.id, 'reject')],
    ['answered', ({ approval }) => ann.post(`/hitl/${approval.id}/respond`, desk.body('respond'))],
    ['cancelled', ({ id }) => client.post(`/executions/${id}/cancel`)],
  ];
  const over = await Promise.all(
    ways.map(async ([says, end]) => {
      const asked = await desk.watch();
      await end(asked);
      await ended(client, asked.id);
      return { says, asked };
    }),
  );
  const edited = await desk.watch();
  await desk.anew(edited, ann);
  return [...over, { says: 'edited', asked: edited }].flatMap(({ says, asked: { approval } }) =>
    VERBS.flatMap((verb) =>
      [ann, ben].map((who): Attempt => ({
        says: `${verb} of what is ${says}, by ${who === ann ? 'the same' : 'another'}`,
        harmless: desk.harmless[verb],
        hostile: () => refusedWith(who.post(`/hitl/${approval.id}/${verb}`, desk.body(verb)), [422]),
      })),
    ),
  );
}

async function smuggled(desk: Desk): Promise<Attempt[]> {
  const { approval } = await desk.watch();
  const given = { source: desk.source, table: desk.never };
  const also: Record<string, unknown> = {
    tool: 'http_write',
    tool_version: 2,
    payload_hash: '0'.repeat(64),
    status: 'consumed',
    decided_by: 'acme-admin',
    edited_by: [],
    requested_by: 'nobody',
    approvals_required: 0,
    privilege_level: 1,
    tenant_id: 'ac3e0000-0000-4000-8000-000000000001',
    decision: 'approve',
  };
  const bodies: [Verb, string, string][] = [
    ...VERBS.flatMap((verb) =>
      Object.entries(also).map(([name, value]): [Verb, string, string] => [
        verb,
        name,
        JSON.stringify({ ...desk.body(verb), [name]: value }),
      ]),
    ),
    ...[null, [], 'x', 7, { source: desk.source }, { ...given, table: 7 }, { ...given, evil: true }].map(
      (args): [Verb, string, string] => ['edit', JSON.stringify(args), JSON.stringify({ arguments: args })],
    ),
    ['edit', 'no arguments', '{}'],
    ['edit', 'a prototype', `{"arguments":{"__proto__":{"table":"${desk.never}"}}}`],
    ['respond', 'no result', '{}'],
    ['respond', 'a prototype', '{"result":{"__proto__":{"rows":1}}}'],
    ...[null, [], 'x', { ...LOADED, rows: 'many' }].map((result): [Verb, string, string] => [
      'respond',
      JSON.stringify(result),
      JSON.stringify({ result }),
    ]),
  ];
  return bodies.map(([verb, says, body]) => ({
    says: `${verb} that says ${says}`,
    harmless: desk.harmless[verb],
    hostile: () =>
      refusedWith(
        desk.ann.request('POST', `/hitl/${approval.id}/${verb}`, { raw: { type: 'application/json', body } }),
        says === 'payload_hash' ? [409] : [400, 422],
      ),
  }));
}

async function refusedWith<T>(answer: Promise<Answer<T>>, statuses: number[]): Promise<string | undefined> {
  const { status, text } = await answer;
  return statuses.includes(status) ? undefined : `${String(status)} ${text.slice(0, 200)}`;
}
