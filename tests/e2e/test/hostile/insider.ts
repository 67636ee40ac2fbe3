import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApprovalPayload, approvalPayloadHash, effectKey, type Json } from '@aumos/agf-domain';
import { ApprovalsRepository, type Consumed, createDataSource, TenantDb } from '@aumos/agf-persistence';
import { unique } from '@aumos/agf-test-support';
import { world } from '../system.js';
import { type Attempt } from './attempt.js';
import { Estate } from './estate.js';

/** The platform's database as the apps reach it. */
function appUrl(): string {
  const secrets = JSON.parse(readFileSync(join(world().home, 'secrets.json'), 'utf8')) as { agf_app: string };
  const url = new URL(world().local.postgres);
  [url.username, url.password] = ['agf_app', secrets.agf_app];
  return url.href;
}

const ARGUMENTS: { [name: string]: Json } = {
  source: 'artifact:1',
  table: 'sales',
  mode: 'append',
  limits: { rows: 10, tags: ['a', 'b'] },
};

/** The same call with one thing changed, as a worker that was taken over would make it. */
function swaps(payload: ApprovalPayload): [says: string, changed: ApprovalPayload][] {
  const bent = (over: Partial<ApprovalPayload>): ApprovalPayload => ({ ...payload, ...over });
  const withArguments = (over: { [name: string]: Json }): ApprovalPayload =>
    bent({ arguments: { ...ARGUMENTS, ...over } });
  const { source, table, mode, limits } = ARGUMENTS as Record<string, string>;
  const soon = Date.parse(payload.expires_at);
  return [
    ['another tenant', bent({ tenant_id: randomUUID() })],
    ['the tenant in upper case', bent({ tenant_id: payload.tenant_id.toUpperCase() })],
    ['another execution', bent({ execution_id: randomUUID() })],
    ['the execution in upper case', bent({ execution_id: payload.execution_id.toUpperCase() })],
    ['another node', bent({ node: 'load2' })],
    ['the node in upper case', bent({ node: 'LOAD' })],
    ['a node inside of an agent', bent({ node: 'load~1~table_load' })],
    ['the next visit', bent({ visit: 2 })],
    ['the visit before', bent({ visit: 0 })],
    ['the visit as a text', bent({ visit: '1' as never })],
    ['another gate', bent({ gate_name: 'open' })],
    ['no gate', bent({ gate_name: '' })],
    ['another tool', bent({ tool: 'http_write' })],
    ['no tool', bent({ tool: null })],
    ['the tool in upper case', bent({ tool: 'TABLE_LOAD' })],
    ['the next version of the tool', bent({ tool_version: 2 })],
    ['no version of the tool', bent({ tool_version: null })],
    ['a lower level', bent({ privilege_level: 2 })],
    ['a higher level', bent({ privilege_level: 4 })],
    ['a later deadline', bent({ expires_at: new Date(soon + 3_600_000).toISOString() })],
    ['the deadline in another zone', bent({ expires_at: payload.expires_at.replace('Z', '+00:00') })],
    ['another table', withArguments({ table: 'salaries' })],
    ['the table in upper case', withArguments({ table: 'SALES' })],
    ['the table with a space', withArguments({ table: 'sales ' })],
    ['the table with what has no width', withArguments({ table: 'sal\u200bes' })],
    ['the table in letters that look alike', withArguments({ table: 's\u0430les' })],
    ['the table as a list', withArguments({ table: ['sales'] })],
    ['another source', withArguments({ source: 'artifact:2' })],
    ['another mode', withArguments({ mode: 'replace' })],
    ['one argument more', withArguments({ connection: 'other' })],
    ['one argument more, null', withArguments({ connection: null })],
    [
      'one argument more, named __proto__',
      bent({ arguments: JSON.parse(`{"__proto__":{"table":"x"},"source":"${source ?? ''}"}`) as Json }),
    ],
    ['one argument less', bent({ arguments: { source, table, limits } as never })],
    ['an argument in upper case', bent({ arguments: { source, TABLE: table, mode, limits } as never })],
    ['no arguments', bent({ arguments: {} })],
    ['null as arguments', bent({ arguments: null })],
    ['the arguments as text', bent({ arguments: JSON.stringify(ARGUMENTS) })],
    ['the arguments in a list', bent({ arguments: [ARGUMENTS] })],
    ['the arguments one deeper', bent({ arguments: { arguments: ARGUMENTS } })],
    ['a number inside', withArguments({ limits: { rows: 11, tags: ['a', 'b'] } })],
    ['a number inside as text', withArguments({ limits: { rows: '10', tags: ['a', 'b'] } })],
    ['a list inside in another order', withArguments({ limits: { rows: 10, tags: ['b', 'a'] } })],
    ['a list inside that is longer', withArguments({ limits: { rows: 10, tags: ['a', 'b', 'c'] } })],
    ['a member inside less', withArguments({ limits: { rows: 10 } })],
  ];
}

/** What somebody tries who holds the apps' own role in the database. */
export interface Insider {
  attempts: Attempt[];
  truth: () => Promise<unknown>;
  close: () => Promise<void>;
}

export async function insider(): Promise<Insider> {
  const [estate, elsewhere] = [new Estate(), new Estate()];
  const { executions: execution_id, workflows: workflow_id } = await estate.ended();
  const dataSource = await createDataSource(appUrl(), { applicationName: 'hostile', poolSize: 4 });
  const db = new TenantDb(dataSource);
  const approvals = new ApprovalsRepository(db);
  const { tenant } = estate;
  const payloadOf = (): ApprovalPayload => ({
    ...{ tenant_id: tenant, execution_id, node: 'load', visit: 1, gate_name: 'publish' },
    ...{ tool: 'table_load', tool_version: 1, arguments: ARGUMENTS, privilege_level: 3 },
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const ids: string[] = [];

  /** An approval as the app opens it, with so many votes. */
  async function given(votes: number, required = 1): Promise<{ id: string; payload: ApprovalPayload; hash: string }> {
    const [id, payload] = [randomUUID(), payloadOf()];
    const hash = approvalPayloadHash(payload);
    ids.push(id);
    const { tenant_id, ...rest } = payload;
    const more = { workflow_id, action_description: 'It is tried.', approvals_required: required };
    const open = { ...rest, ...more, approval_id: id, payload_hash: hash, requested_by: 'asker' };
    await db.run(tenant_id, async () => {
      await approvals.open({
        ...open,
        auto_reject_on_timeout: true,
        escalation_policy: 'none',
        temporal_workflow_id: id,
      });
      for (let n = 0; n < votes; n++)
        await approvals.decide({ approval_id: id, actor: unique('boss'), decision: 'approve' });
      await approvals.takeDecision(id);
    });
    return { id, payload, hash };
  }
  const consume = (id: string, payload_hash: string, effect: string, of = tenant): Promise<Consumed> =>
    db.run(of, () => approvals.consume({ approval_id: id, payload_hash, effect_key: effect }));
  const own = effectKey(execution_id, 'load', 1);
  const ended = async (how: 'rejected' | 'expired' | 'cancelled' | 'pending' | 'half') => {
    const made = await given(how === 'half' ? 1 : 0, how === 'half' ? 2 : 1);
    await db.run(tenant, async () => {
      if (how === 'rejected') await approvals.decide({ approval_id: made.id, actor: 'boss', decision: 'reject' });
      if (how === 'expired') await approvals.expire(made.id);
      if (how === 'cancelled') await approvals.cancel(made.id);
      await approvals.takeDecision(made.id);
    });
    return made;
  };

  const shown = given(1);
  const harmless = async (): Promise<void> => {
    const { id, hash } = await shown;
    const answers = [await consume(id, hash, own), await consume(id, hash, own)];
    if (answers.join() !== 'consumed,already_consumed_by_this') throw new Error(answers.join());
  };
  const refused = (says: string, attempt: () => Promise<Consumed>): Attempt => ({
    says,
    harmless,
    hostile: async () => {
      const answer = await attempt();
      return answer === 'refused' ? undefined : answer;
    },
  });
  const approved = await given(1);
  const used = await given(1);
  await consume(used.id, used.hash, own);
  const others = await Promise.all(
    (['rejected', 'expired', 'cancelled', 'pending', 'half'] as const).map(async (how) => ({
      how,
      ...(await ended(how)),
    })),
  );
  const attempts = [
    ...swaps(approved.payload).map(([says, payload]) =>
      refused(`after the approval, a call with ${says}`, () => consume(approved.id, approvalPayloadHash(payload), own)),
    ),
    ...['', '0'.repeat(64), `${approved.hash} `, approved.hash.toUpperCase(), approved.hash.slice(0, 32), '%'].map(
      (hash) => refused(`the hash ${JSON.stringify(hash.slice(0, 8))}`, () => consume(approved.id, hash, own)),
    ),
    ...[
      effectKey(execution_id, 'load', 2),
      effectKey(execution_id, 'load2', 1),
      effectKey(randomUUID(), 'load', 1),
      `${own} `,
      own.toUpperCase(),
      '',
    ].map((key) =>
      refused(`a used approval, for the effect ${JSON.stringify(key)}`, () => consume(used.id, used.hash, key)),
    ),
    refused('a used approval, for another hash', () => consume(used.id, approved.hash, own)),
    refused('an approval of another one with the same arguments', () => consume(approved.id, used.hash, own)),
    ...others.map(({ how, id, hash }) => refused(`an approval that is ${how}`, () => consume(id, hash, own))),
    refused("another tenant's approval", () => consume(approved.id, approved.hash, own, elsewhere.tenant)),
    refused('an approval of nothing', () => consume(randomUUID(), approved.hash, own)),
  ];
  return {
    attempts,
    truth: () =>
      world().rows(
        `select id, status, consumed_by, payload_hash, arguments from agf_hitl_approvals
         where id = any($1) order by id`,
        [ids],
      ),
    close: async () => {
      const open = others.filter(({ how }) => how === 'pending' || how === 'half');
      for (const { id } of open) await db.run(tenant, () => approvals.cancel(id));
      await dataSource.destroy();
    },
  };
}
