import { TENANTS } from '@aumos/agf-devstack';
import { eventually } from '@aumos/agf-testing';
import { brokenAudits } from './audit-chains.js';
import { acknowledged } from './client.js';
import { EventTap, type TappedEvent } from './event-tap.js';
import { disorder } from './events-in-order.js';
import { type World } from './world.js';

/** Tables whose loads asked nobody: every other load needs its approval. */
const ASKED_NOBODY = /^open_/;

interface Execution {
  id: string;
  status: string;
  holds_slot: boolean;
}

/**
 * Looks at the whole once nothing moves any more.
 * @returns what does not hold; nothing when all does
 */
export async function oracle(world: World): Promise<string[]> {
  await quiet(world);
  const tap = await EventTap.open(world.local.kafka);
  try {
    const events = await tap.upToNow();
    return [
      ...tap.strange.map((place) => `no event: ${place}`),
      ...disorder(events),
      ...(await lostStarts(world)),
      ...(await unlikeTheOutbox(world, events)),
      ...(await wrongEnds(world, events)),
      ...(await wrongSlots(world)),
      ...(await leftApprovals(world)),
      ...(await strayTenants(world, events)),
      ...(await wrongEffects(world)),
      ...(await brokenAudits(world)),
    ];
  } finally {
    await tap.close();
  }
}

/** Nothing on its way: what was accepted runs, waits for people or has ended, and every event was sent. */
async function quiet(world: World): Promise<void> {
  await eventually(
    async () => {
      const [left] = await world.rows<{ moving: number; unsent: number }>(
        `select (select count(*)::int from agf_workflow_executions where status in ('pending', 'running')) as moving,
           (select count(*)::int from agf_outbox where published_at is null) as unsent`,
      );
      return left?.moving === 0 && left.unsent === 0;
    },
    'everything to come to rest',
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

/** acknowledged = ended + under way */
async function lostStarts(world: World): Promise<string[]> {
  const rows = await world.rows<Execution>('select id, status, holds_slot from agf_workflow_executions');
  const known = new Set(rows.map(({ id }) => id));
  return [...acknowledged].filter((id) => !known.has(id)).map((id) => `execution ${id} was acknowledged and is lost`);
}

/** Every row of the outbox is on Kafka, and nothing else is. */
async function unlikeTheOutbox(world: World, events: readonly TappedEvent[]): Promise<string[]> {
  const written = new Set((await world.rows<{ id: string }>('select id from agf_outbox')).map(({ id }) => id));
  const sent = new Set(events.map(({ event }) => event.event_id));
  return [
    ...[...written].filter((id) => !sent.has(id)).map((id) => `event ${id} was written and is not on Kafka`),
    ...[...sent].filter((id) => !written.has(id)).map((id) => `event ${id} is on Kafka and was never written`),
  ];
}

/** One end of each ended execution, and the one its row tells of. */
async function wrongEnds(world: World, events: readonly TappedEvent[]): Promise<string[]> {
  const rows = await world.rows<Execution>('select id, status, holds_slot from agf_workflow_executions');
  return rows.flatMap(({ id, status }) => {
    const ends = events
      .filter(({ event, topic }) => event.aggregate_id === id && /\.(completed|failed)$/.test(topic))
      .map(({ topic }) => topic);
    const wanted =
      status === 'completed'
        ? 'agf.workflow.completed'
        : ['failed', 'cancelled'].includes(status)
          ? 'agf.workflow.failed'
          : '';
    return ends.join() === wanted ? [] : [`execution ${id} is ${status}, its ends on Kafka are [${ends.join()}]`];
  });
}

/** slots held = running executions; children hold none, nor does what waits for a time or a signal */
async function wrongSlots(world: World): Promise<string[]> {
  const rows = await world.rows<{ tenant_id: string; in_use: number; holding: number; running: number }>(
    `select q.tenant_id, q.in_use,
       (select count(*)::int from agf_workflow_executions e where e.tenant_id = q.tenant_id and holds_slot) as holding,
       (select count(*)::int from agf_workflow_executions e
        where e.tenant_id = q.tenant_id and status in ('pending', 'running') and not waiting
          and parent_execution_id is null) as running
     from agf_tenant_quotas q`,
  );
  return rows
    .filter(({ in_use, holding, running }) => in_use !== holding || holding !== running)
    .map((row) => `slots differ from running executions: ${JSON.stringify(row)}`);
}

/** What has ended waits for nobody. */
async function leftApprovals(world: World): Promise<string[]> {
  const rows = await world.rows<{ id: string; status: string }>(
    `select a.id, e.status from agf_hitl_approvals a join agf_workflow_executions e on e.id = a.execution_id
     where a.status = 'pending' and e.status in ('completed', 'failed', 'cancelled')`,
  );
  return rows.map(({ id, status }) => `approval ${id} is open, its execution ${status}`);
}

/** No row, record or table of another tenant. */
async function strayTenants(world: World, events: readonly TappedEvent[]): Promise<string[]> {
  const owners = await world.rows<{ id: string; tenant_id: string }>(
    'select id, tenant_id from agf_workflow_executions',
  );
  const tenantOf = new Map(owners.map(({ id, tenant_id }) => [id, tenant_id]));
  const records = events.flatMap(({ event, key, headers }) => {
    const execution = event.aggregate_type === 'execution' ? event.aggregate_id : event.data['execution_id'];
    const owner = typeof execution === 'string' ? tenantOf.get(execution) : event.tenant_id;
    const said = [event.tenant_id, headers['ce_tenantid'], headers['tenant_id'], key.split(':')[0]];
    return said.every((tenant) => tenant === owner)
      ? []
      : [`event ${event.event_id} is of ${String(owner)}: ${said.join()}`];
  });
  const loads = (await allLoads(world))
    .filter(({ schema, execution_id }) => tenantOf.get(execution_id) !== TENANTS[schema])
    .map(({ schema, execution_id }) => `execution ${execution_id} loaded into the schema of ${schema}`);
  return [...records, ...loads];
}

interface Load {
  schema: keyof typeof TENANTS;
  effect_key: string;
  execution_id: string;
  table_name: string;
  rows: number;
}

async function allLoads(world: World): Promise<Load[]> {
  const perTenant = (Object.keys(TENANTS) as (keyof typeof TENANTS)[]).map(async (schema) => {
    const ledger = await world.warehouse.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `${schema}._agf_loads`,
    ]);
    if (!ledger.rows[0]?.there) return [];
    const { rows } = await world.warehouse.query<Omit<Load, 'schema' | 'execution_id'>>(
      `select effect_key, table_name, rows::int as rows from ${schema}._agf_loads`,
    );
    return rows.map((row) => ({ ...row, schema, execution_id: row.effect_key.split('/')[0] ?? '' }));
  });
  return (await Promise.all(perTenant)).flat();
}

/** Every load is there once, by exactly one approval of somebody else; every consumed approval had its call. */
async function wrongEffects(world: World): Promise<string[]> {
  const loads = await allLoads(world);
  const approvals = await world.rows<{
    consumed_by: string;
    approvers: number;
    required: number;
    by_requester: number;
  }>(
    `select a.consumed_by, a.approvals_required as required,
       count(d.id) filter (where d.decision = 'approve')::int as approvers,
       count(d.id) filter (where d.actor = any(array[a.requested_by, e.initiator] || a.edited_by))::int as by_requester
     from agf_hitl_approvals a join agf_workflow_executions e on e.id = a.execution_id
     left join agf_hitl_decisions d on d.tenant_id = a.tenant_id and d.approval_id = a.id
     where a.status = 'consumed' group by a.id, a.consumed_by, a.approvals_required`,
  );
  const unapproved = loads
    .filter(({ table_name }) => !ASKED_NOBODY.test(table_name))
    .filter(({ effect_key }) => approvals.filter(({ consumed_by }) => consumed_by === effect_key).length !== 1)
    .map(({ effect_key, table_name }) => `load ${effect_key} of ${table_name} has not exactly one approval`);
  const badly = approvals
    .filter(({ approvers, required, by_requester }) => approvers < required || by_requester > 0)
    .map((approval) => `an approval was given by too few, or by who asked: ${JSON.stringify(approval)}`);
  return [...unapproved, ...badly, ...(await unaudited(world, loads)), ...(await wrongTables(world, loads))];
}

/** A load is a call of level 3: the audit has it. */
async function unaudited(world: World, loads: readonly Load[]): Promise<string[]> {
  const rows = await world.rows<{ effect_key: string }>(
    `select resource_id || '/' || (details->>'node') || '/' || (details->>'visit') as effect_key
     from agf_audit_log where action = 'tool.call' and outcome = 'allowed'`,
  );
  const audited = new Set(rows.map(({ effect_key }) => effect_key));
  return loads
    .filter(({ effect_key }) => !audited.has(effect_key))
    .map(({ effect_key }) => `load ${effect_key} is not in the audit`);
}

/** A table has the rows of its loads, each load once. */
async function wrongTables(world: World, loads: readonly Load[]): Promise<string[]> {
  const tables = new Set(loads.map(({ schema, table_name }) => `${schema}.${table_name}`));
  const found = [...tables].map(async (name) => {
    const [schema = '', table = ''] = name.split('.');
    const wanted = loads.filter((load) => `${load.schema}.${load.table_name}` === name);
    const rows = wanted.reduce((sum, load) => sum + load.rows, 0);
    const there = await world.count(schema, table);
    return there === rows
      ? []
      : [`${name} has ${String(there)} rows, its ${String(wanted.length)} loads ${String(rows)}`];
  });
  return (await Promise.all(found)).flat();
}
