import { TENANTS } from '@aumos/agf-devstack';
import {
  type Answer,
  type Approval,
  type Client,
  decide,
  type Definition,
  ended,
  type Execution,
  loadWorkflow,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { world } from '../system.js';
import { type Attempt, type Category, forEach } from './attempt.js';
import { alone } from './estate.js';
import { person, type Person } from './people.js';

const ALL = ['admin', 'developer', 'approver'];

/** Something that waits for people, because the asker did it. */
interface Asked {
  says: string;
  /** of the API, without its last member */
  path: string;
  id: string;
  need: number;
  /** where its load would land */
  table?: string;
  /** asked at the address of the app behind the gateway as well */
  behind: boolean;
}

type Way = [says: string, asked: (approver: Client) => Promise<Asked>];

interface Actor {
  says: string;
  who: Person;
  /** what it is refused with; a level only where the need is above it */
  refusal: [status: number, reason?: string];
  below?: number;
}

/** Who asked, whatever their token says besides; and others who may not. */
export async function actors(asker: string): Promise<Actor[]> {
  const self = (says: string, who: Partial<Person>): Actor => ({
    says: `who asked, ${says}`,
    who: { sub: asker, roles: ALL, level: 5, ...who },
    refusal: [403, 'requester'],
  });
  const other = (says: string, who: Partial<Person>, refusal: Actor['refusal'], below?: number): Actor => ({
    says,
    who: { sub: unique('other'), roles: ['approver'], level: 5, ...who },
    refusal,
    ...(below === undefined ? {} : { below }),
  });
  const granted = unique('granted');
  const boss = person({ sub: unique('boss'), roles: ['admin'], level: 5 });
  await boss.must(201, boss.post('/members', { sub: granted, roles: ['approver'], privilege_level: 2 }));
  const upper = asker.toUpperCase();
  const written: [string, string][] = [
    ['in upper case', upper],
    ['capitalised', upper.slice(0, 1) + asker.slice(1)],
    ['with a space before', ` ${asker}`],
    ['with a space behind', `${asker} `],
    ['with a space that does not break', `${asker}\u00a0`],
    ['with what has no width', `${asker.slice(0, 2)}\u200b${asker.slice(2)}`],
    ['in letters of full width', asker.replace('a', 'ａ')],
  ];
  return [
    self('as they are', {}),
    self('as approver', { roles: ['approver'] }),
    self('as admin', { roles: ['admin'] }),
    self('at level 4', { level: 4 }),
    self('under another name', { claims: { preferred_username: 'Abel', name: 'Abel' } }),
    self('from another address', { claims: { email: 'abel@acme.example' } }),
    self('through another client', { claims: { azp: 'agf-console', client_id: 'agf-console' } }),
    self('in another session', { claims: { sid: 'another', jti: 'another' } }),
    ...written.map(([says, sub]) => self(`written ${says}`, { sub })),
    other('a viewer', { roles: ['viewer'] }, [403, 'role']),
    other('a developer', { roles: ['developer'] }, [403, 'role']),
    other('an auditor', { roles: ['auditor'] }, [403, 'role']),
    other('one without a role', { roles: [] }, [403, 'role']),
    other('an approver of level 1', { level: 1 }, [403, 'level'], 1),
    other('an approver of level 2', { level: 2 }, [403, 'level'], 2),
    other('an admin of level 2', { roles: ['admin'], level: 2 }, [403, 'level'], 2),
    other('an approver granted level 2 whose token says 5', { sub: granted }, [403, 'level'], 2),
    other("another tenant's approver", { tenant: TENANTS.globex }, [404]),
    other("another tenant's admin", { tenant: TENANTS.globex, roles: ALL }, [404]),
    other('who asked, in another tenant', { sub: asker, tenant: TENANTS.globex, roles: ALL }, [404]),
  ];
}

/** Approvals that a person asked for, decided on by that person, or by who may not. */
export async function selfApproval(): Promise<Category> {
  const asker = `${unique('asker')}a`;
  const client = person({ sub: asker, roles: ALL, level: 5 });
  const source = await upload(client, 'a\n1\n2\n');
  const ways = waysToAsk(client, source);
  const approvers = ['ann', 'ben'].map((name) => person({ sub: unique(name), roles: ['approver'], level: 5 }));
  const [ann, ben] = approvers as [Client, Client];
  const who = await actors(asker);
  const seen: Asked[] = [];
  const attempts = await forEach(
    ways,
    async ([, ask]) => {
      const asked = await ask(ann);
      seen.push(asked);
      const harmless = async (): Promise<void> => {
        const other = await ask(ann);
        const votes = other.need === 5 || other.path.startsWith('/agents') ? [ann, ben] : [ann];
        for (const voter of votes) await voter.must(200, voter.post(`${other.path}/approve`));
        await landed(other);
      };
      return who
        .filter(({ below }) => below === undefined || below < Math.min(asked.need, 4))
        .flatMap((actor) => votesOf(actor, asked, harmless));
    },
    4,
  );
  const twice = await secondVotes(client, source, ann, ben);
  return {
    name: 'self-approval',
    attempts: [...attempts.flat(), ...twice.attempts],
    truth: async () => ({
      approvals: await world().rows(
        `select id, status, decided_by, (select count(*)::int from agf_hitl_decisions d where d.approval_id = a.id) as votes
         from agf_hitl_approvals a where id = any($1) order by id`,
        [[...seen, ...twice.asked].map(({ id }) => id)],
      ),
      elevations: await world().rows(
        `select id, decision, (select count(*)::int from agf_agent_elevation_votes v where v.elevation_id = e.id) as votes
         from agf_agent_elevations e where id = any($1) order by id`,
        [[...seen, ...twice.asked].map(({ id }) => id)],
      ),
      rows: await Promise.all(
        [...seen, ...twice.asked].map(async ({ table }) => (table ? world().count('acme', table) : 0)),
      ),
    }),
  };
}

async function landed({ table }: Asked): Promise<void> {
  if (!table) return;
  await eventually(async () => (await world().count('acme', table)) === 2, `${table} to be loaded`);
}

function votesOf({ says, who, refusal }: Actor, asked: Asked, harmless: () => Promise<unknown>): Attempt[] {
  const { gateway, apps } = world().local;
  const places = [['', gateway], ...(asked.behind ? [[' behind the gateway', apps['hitl-approval'].url]] : [])];
  return places.map(([where = '', base = '']) => ({
    says: `${asked.says}, approved by ${says}${where}`,
    harmless,
    hostile: () => refused(person(who).at(base).post(`${asked.path}/approve`, { notes: 'It is fine.' }), refusal),
  }));
}

export async function refused(
  answer: Promise<Answer>,
  [status, reason]: Actor['refusal'],
): Promise<string | undefined> {
  const { status: is, body, text } = await answer;
  const said = (body.details as { reason?: string } | undefined)?.reason;
  return is === status && (said === undefined || said === reason) ? undefined : `${String(is)} ${text.slice(0, 200)}`;
}

function waysToAsk(client: Client, source: string): Way[] {
  const pending = async (says: string, need: number, id: string, approver: Client, table?: string): Promise<Asked> => {
    const { id: approval } = await pendingApproval(approver, id);
    return { says, need, id: approval, path: `/hitl/${approval}`, behind: true, ...(table ? { table } : {}) };
  };
  const loads = (table: string, level = 3): Definition => loadWorkflow({ table, node: { privilege_level: level } });
  const started = async (who: Client, definition: Definition): Promise<string> =>
    start(who, await publish(client, definition), { source });
  /** Another one's, which an approver rejected: what is made of it is the asker's. */
  const anew =
    (says: string, way: string, body: object): Way[1] =>
    async (approver) => {
      const table = unique('self');
      const of = await started(person({ sub: unique('first'), roles: ['developer'], level: 3 }), loads(table));
      await decide(approver, (await pendingApproval(approver, of)).id, 'reject');
      await ended(client, of);
      const made = await client.must(202, client.post<Execution>(`/executions/${of}/${way}`, body));
      return pending(says, 3, made.id, approver, table);
    };
  const load =
    (says: string, level: number): Way[1] =>
    async (approver) => {
      const table = unique('self');
      return pending(says, level, await started(client, loads(table, level)), approver, table);
    };
  const below: Way[1] = async (approver) => {
    const table = unique('self');
    const child = loads(table);
    await publish(client, child);
    const parent = alone({ type: 'workflow', workflow: child.name, input: { cel: 'input' }, output: 'said' });
    return pending('a load of a child', 3, await started(client, parent), approver, table);
  };
  const gate: Way[1] = async (approver) => {
    const node = { type: 'gate', gate: 'look', payload: { question: 'go on?' }, output: 'said' };
    const asks = alone(node, { hitl_gates: { look: { gate_name: 'look' } } });
    return pending('a gate', 1, await started(client, asks), approver);
  };
  const elevation: Way[1] = async () => {
    const agent = { name: unique('agent'), privilege_level: 1 };
    const { id: agentId } = await client.must(201, client.post<{ id: string }>('/agents', agent));
    const more = { privilege_level: 4, seconds: 60, reason: 'It is tried.' };
    const { id } = await client.must(201, client.post<{ id: string }>(`/agents/${agentId}/elevations`, more));
    return { says: 'an elevation', need: 4, id, path: `/agents/${agentId}/elevations/${id}`, behind: false };
  };
  return [
    ['start', load('a load of level 3', 3)],
    ['start at level 4', load('a load of level 4', 4)],
    ['start at level 5', load('a load of level 5', 5)],
    ['retry', anew('a load of a retry', 'retry', {})],
    ['fork', anew('a load of a fork', 'fork', { node: 'load' })],
    ['replay', anew('a load of a replay', 'replay', {})],
    ['child', below],
    ['gate', gate],
    ['elevation', elevation],
  ];
}

/** Two must approve, and one tries to be both. */
async function secondVotes(
  client: Client,
  source: string,
  ann: Client,
  ben: Client,
): Promise<{ attempts: Attempt[]; asked: Asked[] }> {
  const ways = waysToAsk(client, source);
  const both = ways.filter(([says]) => ['start at level 5', 'elevation'].includes(says));
  const voter = `${unique('voter')}a`;
  const made = await forEach(both, async ([, ask]) => {
    const asked = await ask(ann);
    const first = person({ sub: voter, roles: ['approver'], level: 5 });
    await first.must(200, first.post<Approval>(`${asked.path}/approve`));
    const harmless = async (): Promise<void> => {
      const other = await ask(ann);
      for (const each of [ann, ben]) await each.must(200, each.post(`${other.path}/approve`));
      await landed(other);
    };
    const again: [string, Person][] = [
      ['as before', { sub: voter, roles: ['approver'], level: 5 }],
      ['as admin', { sub: voter, roles: ['admin'], level: 5 }],
      ['under another name', { sub: voter, roles: ALL, level: 5, claims: { preferred_username: 'Ben' } }],
      ['in upper case', { sub: voter.toUpperCase(), roles: ['approver'], level: 5 }],
      ['with a space', { sub: `${voter} `, roles: ['approver'], level: 5 }],
      ['with what has no width', { sub: `${voter}\u200d`, roles: ['approver'], level: 5 }],
    ];
    const attempts = again.flatMap(([says, who]) =>
      votesOf({ says: `who has voted, ${says}`, who, refusal: [409] }, asked, harmless),
    );
    return { asked, attempts };
  });
  return { attempts: made.flatMap(({ attempts }) => attempts), asked: made.map(({ asked }) => asked) };
}
