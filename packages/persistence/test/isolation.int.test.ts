import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as persistence from '../src/index.js';
import { ENTITIES } from '../src/entities/index.js';
import { ALL_TENANT_TABLES } from '../src/migrations/tenant-tables.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { newEvent } from './support/events.js';
import { aChannel, aDelivery, anAttempt } from './support/channels.js';
import {
  anExecution,
  aRunningExecution,
  aStep,
  aTool,
  aWorkflow,
  endedVisit,
  newApproval,
  newExecution,
  newVersion,
} from './support/rows.js';

const NOTHING = { items: [], total: 0 };
const KEY = 'tool:x' as const;
const memory = (agent_id: string, text: string) => ({ agent_id, text, embedding: [1, 0], embedding_model: 'm' });

/** Tenant a has one of everything; tenant b looks for it, tries to change it, and tries to refer to it. */
describe('from another tenant', () => {
  const database = useDatabase();
  const [a, b] = [tenantA(), tenantB()];
  const asB = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(b, fn);
  const ids = {
    agent: '',
    drill: '',
    elevation: '',
    workflow: '',
    execution: '',
    pending: '',
    approval: '',
    decided: '',
    channel: '',
    delivery: '',
    artifact: '',
    memory: '',
    standing: '',
  };
  let r: ReturnType<typeof repositories>;

  const repositories = (db: persistence.TenantDb) => ({
    agents: new persistence.AgentsRepository(db),
    approvals: new persistence.ApprovalsRepository(db),
    comments: new persistence.ApprovalCommentsRepository(db),
    groups: new persistence.ApproverGroupsRepository(db),
    notices: new persistence.NoticesRepository(db),
    people: new persistence.PeopleChangesRepository(db),
    changes: new persistence.ApprovalChangesRepository(db),
    standing: new persistence.StandingApprovalsRepository(db),
    artifacts: new persistence.ArtifactsRepository(db),
    audit: new persistence.AuditRepository(db),
    breakers: new persistence.BreakersRepository(db),
    breakerSettings: new persistence.BreakerSettingsRepository(db),
    channels: new persistence.ChannelsRepository(db),
    deliveries: new persistence.DeliveriesRepository(db),
    links: new persistence.DecisionLinksRepository(db),
    templates: new persistence.ChannelTemplatesRepository(db),
    commands: new persistence.CommandsRepository(db),
    connections: new persistence.ConnectionsRepository(db),
    definitions: new persistence.DefinitionsRepository(db),
    drills: new persistence.DrillsRepository(db),
    elevations: new persistence.ElevationsRepository(db),
    executions: new persistence.ExecutionsRepository(db),
    log: new persistence.ExecutionLogRepository(db),
    statistics: new persistence.CallStatisticsRepository(db),
    isolations: new persistence.IsolationsRepository(db),
    gatePolicies: new persistence.GatePoliciesRepository(db),
    idempotency: new persistence.IdempotencyRepository(db),
    inbox: new persistence.InboxRepository(db),
    members: new persistence.MembersRepository(db),
    memories: new persistence.MemoriesRepository(db),
    budgets: new persistence.BudgetsRepository(db),
    outbox: new persistence.OutboxRepository(db),
    hours: new persistence.BusinessHoursRepository(db),
    outgoing: new persistence.OutgoingRulesRepository(db),
    outcomes: new persistence.WorkflowOutcomesRepository(db),
    pauses: new persistence.PausesRepository(db),
    quota: new persistence.QuotaRepository(db),
    secrets: new persistence.SecretsRepository(db, new persistence.SecretBox([randomBytes(32)])),
    steps: new persistence.StepsRepository(db),
    tenants: new persistence.TenantsRepository(db),
    tools: new persistence.ToolsRepository(db),
    toolSecrets: new persistence.ToolSecretsRepository(db, new persistence.SecretBox([randomBytes(32)])),
    traces: new persistence.TracesRepository(db),
    visits: new persistence.VisitsRepository(db),
  });
  const claim = { scope: 's', key: 'k', body_hash: 'b', resource_id: randomUUID() };
  const transition = {
    tenant_id: a,
    key: KEY,
    from: 'closed' as const,
    to: 'open' as const,
    epoch: 1,
    failure_count: 1,
    counts: { failures: 1, calls: 1, slow: 0 },
    reason: 'failure_threshold' as const,
    until: null,
    at: '2026-01-01T00:00:00Z',
    stream_id: '1-1',
  };
  const isolation = { key: KEY, reason: 'secret', by: 'boss', since: '2026-01-01T00:00:00Z', until: null };
  const group = { name: 'risk', members: ['rita'], roles: [], claims: [] };
  const standing = () => ({
    ...{ tool: 't', workflow: null, condition: 'true', reason: 'r', privilege_level: 3 as const, max_uses: 5 },
    ...{ expires_at: new Date(Date.now() + 3_600_000), created_by: 'boss', author_roles: ['approver' as const] },
  });
  const event = newEvent(a);
  const payload = { tenant_id: a, storage: 'postgres' as const, size: 6, content: Buffer.from('secret') };
  const taken = { event_id: event.event_id, event_type: 'x', aggregate_key: 'k', aggregate_version: 5 };
  /** Every row of a, as the database has it. */
  const everything = async (): Promise<unknown[]> => {
    const rows: unknown[] = [];
    for (const table of ALL_TENANT_TABLES)
      rows.push(
        ...(await database.db.run(a, (em) => em.query<object[]>(`select '${table}' as t, x.* from ${table} x`))),
      );
    return rows;
  };

  beforeAll(async () => {
    const { db } = database;
    r = repositories(db);
    ids.workflow = await aWorkflow(db, a, 'flow');
    ids.pending = await anExecution(db, a, ids.workflow);
    ids.execution = await aRunningExecution(db, a);
    await db.run(a, (em) => em.insert(persistence.PayloadEntity, payload));
    await db.run(a, async () => {
      ids.agent = (await r.agents.create({ name: 'x', privilege_level: 1, created_by: 'dev' }))!.id;
      const elevation = {
        agent_version: 1,
        privilege_level: 3 as const,
        seconds: 60,
        reason: 'r',
        requested_by: 'dev',
      };
      ids.elevation = (await r.elevations.request({ ...elevation, agent_id: ids.agent })).id;
      await r.elevations.vote({ elevation_id: ids.elevation, actor: 'boss', decision: 'approve' });
      ids.drill = randomUUID();
      await r.drills.start({ id: ids.drill, tool: 't', seconds: 60, recovery_seconds: 60, started_by: 'dev' });
      const [open, decided] = [newApproval(ids.execution), newApproval(ids.execution)];
      ids.approval = open.approval_id;
      ids.decided = decided.approval_id;
      await r.approvals.open(open);
      await r.approvals.open(decided);
      await r.approvals.decide({ approval_id: decided.approval_id, actor: 'boss', decision: 'approve' });
      await r.comments.add({ approval_id: ids.approval, actor: 'boss', text: 'secret' });
      await r.notices.queue({ approval_id: ids.approval, kind: 'requested', key: 'requested' });
      await r.groups.put(group, 'boss');
      ids.standing = (await r.standing.create(standing())).id;
      ids.channel = randomUUID();
      ids.delivery = randomUUID();
      await r.channels.create(aChannel(ids.channel, 'ours'));
      await r.deliveries.add(aDelivery(ids.delivery, ids.channel, ids.approval));
      await r.links.add({ id: ids.delivery, approval_id: ids.approval, expires_at: new Date(Date.now() + 3_600_000) });
      await r.templates.put({ kind: 'requested', subject: 's', body: 'secret', updated_by: 'boss' });
      ids.artifact = await r.artifacts.create({ name: 'n', content_type: 'c', created_by: 'dev' });
      await r.artifacts.appendChunk(ids.artifact, 0, Buffer.from('secret'));
      await r.artifacts.complete(ids.artifact, { size: 6, sha256: 's' });
      await r.audit.append({ actor_id: 'x', action: 'a', resource_type: 't', resource_id: 'r', outcome: 'denied' });
      await r.breakers.recordTransition(transition);
      await r.isolations.put(isolation);
      await r.statistics.count([KEY], { failed: 1, code: 'SECRET', duration_ms: 5 }, new Date());
      await r.commands.setPaused(ids.execution, true, 'dev');
      await r.secrets.put('s', 'v');
      await r.connections.put({ name: 'c', kind: 'postgres', secret_name: 's' });
      await r.idempotency.claim(claim);
      await r.inbox.take('g', taken);
      await r.members.upsert({ sub: 'x', roles: [], privilege_level: 1 });
      ids.memory = ((await r.memories.add(memory(ids.agent, 'secret'))) as { id: string }).id;
      await r.outbox.appendEvent(event);
      await r.outcomes.count(ids.workflow, 'completed', new Date());
      await r.pauses.markPaused(ids.execution, ids.approval, 'load');
      const turn = { execution_id: ids.execution, node: 'a', visit: 1, agent_id: ids.agent };
      const below = { ...turn, root_execution_id: ids.execution };
      await r.budgets.settle(below, { tokens: 5, cost_micros: 5 });
      await r.budgets.reserve(below, { tokens: 5, cost_micros: 5 }, {}, 3600);
      await r.steps.record(ids.execution, [aStep(1)]);
      await r.tenants.upsert('a');
      await r.tools.create(aTool('t'), 'dev');
      await r.toolSecrets.put('key', 'v', ['example.com']);
      await r.outgoing.put(['example.com'], 'boss');
      await r.hours.put({ time_zone: 'UTC', days: [1], from: '09:00', to: '17:00' }, 'boss');
      await r.breakerSettings.put({ failure_threshold: 9 }, 'boss');
      await r.gatePolicies.put({ name: 'p', condition: 'true' }, 'boss');
      await r.notices.queue({ approval_id: ids.approval, kind: 'requested', key: 'requested' });
      await r.traces.add({ execution_id: ids.execution, kind: 'tool', name: 't', started_at: new Date() });
      await r.visits.settle(endedVisit(ids.execution));
      r.log.append(ids.execution, [{ type: 'tool_start', data: {} }]);
    });
  });

  it('has a row in every table to look for', async () => {
    const tables = new Set((await everything()).map((row) => (row as { t: string }).t));
    expect([...tables].sort()).toEqual([...ALL_TENANT_TABLES].sort());
  });

  it('no entity shows anything', async () => {
    for (const entity of ENTITIES) expect(await asB(() => database.db.em.count(entity))).toBe(0);
  });

  it('no id leads anywhere', async () => {
    const found = await asB(async () => [
      await r.agents.get(ids.agent),
      (await r.agents.called(['x', ids.agent])).get('x') ?? null,
      (await r.agents.called([ids.agent])).get(ids.agent) ?? null,
      await r.drills.get(ids.drill),
      await r.drills.strike('t'),
      await r.elevations.get(ids.agent, ids.elevation),
      await r.elevations.levelNow({ id: ids.agent, version: 1 }),
      await r.definitions.get(ids.workflow),
      await r.definitions.findByName('flow'),
      await r.definitions.getVersion(ids.workflow),
      await r.definitions.getVersion(ids.workflow, 1),
      await r.executions.get(ids.execution),
      await r.approvals.get(ids.approval),
      await r.approvals.takeDecision(ids.decided),
      await r.groups.get('risk'),
      (await r.groups.named(['risk']))[0] ?? null,
      (await r.groups.all())[0] ?? null,
      await r.standing.get(ids.standing),
      (await r.standing.inForce('t'))[0] ?? null,
      await r.channels.get(ids.channel),
      await r.channels.findByName('ours'),
      await r.deliveries.get(ids.delivery),
      await r.links.get(ids.delivery),
      await r.templates.get('requested'),
      await r.artifacts.get(ids.artifact),
      await r.artifacts.chunk(ids.artifact, 0),
      await r.breakers.get(KEY),
      await r.breakers.lastEntry(),
      await r.breakers.recordLoss(KEY, 1, 'closed', transition.at).then(([loss]) => loss ?? null),
      await r.isolations.get(KEY),
      await r.connections.findByName('c'),
      await r.secrets.open('s'),
      await r.commands.next(ids.execution),
      await r.members.get('x'),
      await r.members.granted('x'),
      await r.outcomes.get(ids.workflow),
      await r.steps.find(ids.execution, 1),
      await r.steps.lastWithVisit(ids.execution),
      await r.tenants.get(),
      await r.tools.last('t'),
      await r.tools.version(b, 't', 1),
      (await r.tools.newest(b, ['t'])).get('t') ?? null,
      await r.toolSecrets.openFor('key', 'example.com'),
      await r.toolSecrets.find('key'),
      await r.outgoing.get(),
      await r.hours.get(),
      await r.breakerSettings.get(),
      await r.gatePolicies.get('p'),
      await r.visits.find({ execution_id: ids.execution, node: 'a', visit: 1 }),
    ]);
    expect(found.filter((one) => one !== null)).toEqual([]);
    const nothing = { from: null, held: null };
    expect(await r.definitions.startingPoint(b, ids.workflow, null, 'x')).toEqual(nothing);
    expect(await r.breakerSettings.of(b)).toEqual({});
    expect(await r.gatePolicies.of(b)).toEqual([]);
    expect(await r.definitions.startingPoint(b, ids.workflow, 1, 'x', { scope: 's', key: 'k' })).toEqual(nothing);
  });

  it('every list is empty', async () => {
    const lists = await asB(async () => [
      await r.agents.list(),
      await r.agents.versions(ids.agent),
      await r.drills.list(),
      await r.elevations.list(ids.agent),
      await r.definitions.list(),
      await r.definitions.listVersions(ids.workflow),
      await r.executions.list({ workflow_id: ids.workflow }),
      await r.approvals.list({ execution_id: ids.execution }),
      await r.comments.list(ids.approval),
      await r.groups.list(),
      await r.standing.list(),
      await r.artifacts.list(),
      await r.channels.list(),
      await r.deliveries.list({ approval_id: ids.approval }),
      await r.audit.list(),
      await r.breakers.list(),
      await r.breakers.history(KEY),
      await r.members.list(),
      await r.memories.list(ids.agent),
      await r.steps.page(ids.execution),
      await r.tools.list(),
      await r.toolSecrets.list(),
      await r.traces.list(ids.execution),
      await r.visits.listOf(ids.execution),
    ]);
    for (const list of lists) expect(list).toMatchObject(NOTHING);
    expect(await asB(() => r.approvals.openOf(ids.execution))).toEqual([]);
    expect(await asB(() => r.channels.enabled())).toEqual([]);
    expect(await asB(() => r.channels.count())).toBe(0);
    expect(await asB(() => r.templates.all())).toEqual([]);
    expect(await asB(() => r.notices.takeUnsent(9))).toEqual([]);
    expect(await asB(() => r.people.marks(9))).toEqual([]);
    expect(await asB(() => r.changes.place())).toEqual({ last: 0, more: false });
    expect(await asB(() => r.changes.after(0, 9))).toEqual([]);
    expect(await asB(() => r.people.people())).toEqual({ members: [], groups: [], complete: false });
    expect(await asB(() => r.people.pendingAfter('00000000-0000-0000-0000-000000000000', 9))).toEqual([]);
    expect(await asB(() => r.people.pending([ids.approval]))).toEqual([]);
    expect(await asB(() => r.approvals.decisionsOf(ids.decided))).toEqual([]);
    expect(await asB(() => r.log.after(ids.execution, 0, 9))).toEqual([]);
    expect(await asB(() => r.breakers.historyAfter(0, 9))).toEqual([]);
    expect(await asB(() => r.breakers.lastPosition())).toBe(0);
    expect((await asB(() => r.breakers.states())).size + (await asB(() => r.breakers.known([KEY]))).size).toBe(0);
    expect(await r.isolations.of(b)).toEqual([]);
    const facts = new persistence.BreakerFactsRepository(database.db);
    expect((await asB(() => facts.names([`agent:${ids.agent}`, `workflow:${ids.workflow}`]))).size).toBe(0);
    expect((await asB(() => facts.named('flow'))).size).toBe(0);
    const anomalies = { openings: 1, within_seconds: 1e9, resets: 0 };
    expect((await asB(() => facts.anomalies(anomalies))).size).toBe(0);
    expect(await asB(() => r.statistics.busiest(new Date(0), 9))).toEqual([]);
    expect(await asB(() => r.statistics.of(new Date(0), [KEY]))).toMatchObject({
      failed: 0,
      failures: {},
      durations: {},
    });
    expect(await asB(() => r.statistics.times(new Date(0), new Date(), KEY))).toMatchObject({ opened: 0 });
    expect(await asB(() => r.steps.between(ids.execution, { after: 0, upTo: 9 }, 9))).toEqual([]);
    const said = { execution_id: ids.execution, node: 'a', before: 9, told: [{ node: 'a', visit: 1 }] };
    const past = await asB(() => r.visits.conversation({ ...said, characters: 9, rows: 9, bytes: 9 }));
    expect(past).toEqual({ fits: true, bytes: 0, turns: [], results: [] });
    expect((await asB(() => r.memories.search(memory(ids.agent, '')))).items).toEqual([]);
    expect(await asB(() => r.drills.running())).toEqual([]);
    expect(await asB(() => r.elevations.votes([ids.elevation]))).toEqual([]);
    expect(await asB(() => r.connections.list())).toEqual([]);
    expect(await asB(() => r.gatePolicies.list())).toEqual([]);
    expect(await asB(() => r.quota.usage())).toEqual({ in_use: 0, limit: null });
    expect(await asB(() => r.inbox.newestVersions('g', 'k'))).toEqual(new Map());
  });

  it('no change reaches a row', async () => {
    const before = await everything();
    const consume = { approval_id: ids.decided, payload_hash: 'hash-of-it', effect_key: 'e/load/1' };
    const changed = await asB(async () => [
      await r.executions.markDispatched(ids.pending),
      await r.executions.markRunning(ids.pending),
      await r.executions.setCurrentNode(ids.execution, 'x'),
      await r.executions.finish(ids.execution, { status: 'failed' }),
      await r.executions.requestCancel(ids.execution, 'b'),
      await r.executions.markCancelDelivered(ids.execution),
      await r.pauses.markPaused(ids.execution, randomUUID(), 'x'),
      await r.pauses.markResumed(ids.execution, ids.approval),
      await r.pauses.markWaiting(ids.execution, { waiting: true, mark: 1, node: 'x' }),
      await r.approvals.expire(ids.approval),
      await r.approvals.escalate(ids.approval),
      await r.approvals.cancel(ids.approval),
      await r.groups.remove('risk'),
      await r.standing.use(ids.standing),
      await r.standing.revoke(ids.standing, 'b'),
      await r.channels.replace(ids.channel, aChannel(ids.channel, 'theirs')),
      await r.channels.disable(ids.channel, 'gone'),
      await r.channels.remove(ids.channel),
      await r.deliveries.delivered({ id: ids.delivery, claims: 0 }, anAttempt),
      await r.deliveries.failed({ id: ids.delivery, claims: 0 }, anAttempt, 1),
      await r.deliveries.dead({ id: ids.delivery, claims: 0 }, anAttempt),
      await r.deliveries.replay(ids.delivery),
      await r.links.use({ id: ids.delivery, approval_id: ids.approval, used_by: 'b' }),
      await r.templates.remove('requested'),
      await r.drills.complete(ids.drill, {} as never),
      await r.elevations.revoke(ids.elevation),
      await r.isolations.remove(KEY),
      await r.artifacts.remove(ids.artifact),
      await r.secrets.remove('s'),
      await r.connections.remove('c'),
      await r.members.remove('x'),
      await r.memories.remove(ids.memory),
      (await r.memories.removeAll(ids.agent)) > 0,
      await r.definitions.addVersion(ids.workflow, newVersion()),
      await r.tools.addVersion(aTool('t'), 'b', 1),
      (await r.tools.disable('t')) > 0,
      await r.tools.hold('t', 1, { reason: 'changed', hash: 'h', offer: null, problem: null, found_at: 'now' }),
      await r.tools.closeReview('t', 1, 'h'),
      await r.toolSecrets.remove('key'),
      await r.outgoing.remove(),
      await r.gatePolicies.remove('p'),
      await r.hours.remove(),
      await r.people.becameUnfulfillable(ids.approval),
      await r.people.becameFulfillable(ids.approval),
      await r.outgoing.onlyOf(b),
    ]);
    const told = await asB(async () => [
      await r.commands.setPaused(ids.execution, false, 'b'),
      await r.commands.signal(ids.execution, { name: 's', payload: 1, takers: [] }, 'b'),
    ]);
    expect(told).toEqual([{ kind: 'not_found' }, { kind: 'not_found' }]);
    const command = await database.db.run(a, () => r.commands.next(ids.execution));
    expect(await asB(() => r.commands.markDelivered(command!))).toEqual({ first: false, running: false });
    await asB(async () => r.quota.releaseSlot());
    expect(changed.filter((one) => one !== false && one !== null)).toEqual([]);
    expect(await asB(() => r.memories.add(memory(ids.agent, 'b')))).toEqual({ kind: 'no_agent' });
    expect(await asB(() => r.approvals.consume(consume))).toBe('refused');
    const vote = { elevation_id: ids.elevation, actor: 'chief', decision: 'approve' as const };
    expect(await asB(() => r.elevations.vote(vote))).toEqual({ kind: 'not_found' });
    const decision = { approval_id: ids.approval, actor: 'boss', decision: 'approve' as const };
    expect(await asB(() => r.approvals.decide(decision))).toEqual({ kind: 'not_found' });
    const may = () => ({ allowed: true as const, rule: 'role:approver' });
    const theirs = { approval_id: ids.approval, actor: 'b' };
    expect(
      await asB(async () => [
        (await r.approvals.delegate({ approval_id: ids.approval, from: 'b', to: 'c', may })).kind,
        (await r.approvals.claim({ ...theirs, minutes: 5, may })).kind,
        (await r.approvals.release({ ...theirs, any: true })).kind,
        (await r.comments.add({ ...theirs, text: 'x' })).kind,
      ]),
    ).toEqual(['not_found', 'not_found', 'not_found', 'not_found']);
    expect(await everything()).toEqual(before);
  });

  it('no name and no key is taken, so none tells of a foreign row', async () => {
    const undone = new Error('undone');
    const fresh = asB(async () => {
      expect(await r.definitions.createWithVersion({ name: 'flow', created_by: 'b' }, newVersion())).not.toBeNull();
      expect(await r.agents.create({ name: 'x', privilege_level: 1, created_by: 'b' })).not.toBeNull();
      expect(await r.channels.create(aChannel(ids.channel, 'ours'))).toBe(true);
      expect(await r.idempotency.claim(claim)).toEqual({ kind: 'new' });
      expect(await r.inbox.take('g', taken)).toBe(true);
      expect(await r.breakers.recordTransition(transition)).toHaveLength(1);
      await r.isolations.put(isolation);
      expect(await r.outbox.appendEvent({ ...event, tenant_id: b })).toMatchObject({ version: 1 });
      await r.members.upsert({ sub: 'x', roles: [], privilege_level: 5 });
      await r.secrets.put('s', 'w');
      expect(await r.tools.create(aTool('t'), 'b')).not.toBeNull();
      expect(await r.toolSecrets.put('key', 'w', ['evil.example'])).toBe(true);
      await r.outgoing.put(['evil.example'], 'b');
      await r.breakerSettings.put({ failure_threshold: 1 }, 'b');
      await r.gatePolicies.put({ name: 'p', condition: 'false' }, 'b');
      await r.groups.put(group, 'b');
      throw undone;
    });
    await expect(fresh).rejects.toBe(undone);
  });

  it.each(ENTITIES.map((entity) => [entity.name, entity] as const))(
    'no %s of theirs can be made',
    async (_, entity) => {
      const { tableName: copy, columns } = database.dataSource.getMetadata(entity);
      const names = columns.flatMap(({ isInsert, databaseName }) => (isInsert ? [`"${databaseName}"`] : [])).join();
      const insert = `insert into ${copy} (${names}) select ${names} from jsonb_populate_record(null::${copy}, $1) x`;
      const [row] = await database.db.run(a, (em) =>
        em.query<{ row: object }[]>(`select to_jsonb(x) as row from ${copy} x`),
      );
      const text = copy === 'agf_outbox' ? insert.replace('select', 'overriding system value select') : insert;
      await expect(asB(() => database.db.em.query(text, [{ ...row!.row, id: randomUUID() }]))).rejects.toThrow(
        /row-level security/,
      );
    },
  );

  it.each([
    ['an execution of their workflow', () => anExecution(database.db, b, ids.workflow)],
    ['a visit of their execution', () => asB(() => r.visits.settle(endedVisit(ids.execution, { node: 'z' })))],
    ['a begun visit of it', () => asB(() => r.visits.begin({ ...endedVisit(ids.execution), node: 'z' }))],
    [
      'a trace of it',
      () => asB(() => r.traces.add({ execution_id: ids.execution, kind: 'tool', name: 't', started_at: new Date() })),
    ],
    ['an entry of its log', () => asB(async () => r.log.append(ids.execution, [{ type: 'tool_start', data: {} }]))],
    ['a step of it', () => asB(() => r.steps.record(ids.execution, [aStep(2)]))],
    [
      'a command to it',
      () =>
        asB(() => {
          const text = `insert into agf_execution_commands (tenant_id, execution_id, seq, kind, actor) values ($1, $2, 9, 'pause', 'b')`;
          return database.db.em.query(text, [b, ids.execution]);
        }),
    ],
    [
      'an execution made of theirs',
      async () => {
        const origin = { kind: 'fork' as const, execution_id: ids.execution };
        const execution = newExecution(await aWorkflow(database.db, b), { origin });
        await r.executions.accept(b, execution, { defaultLimit: 9 });
      },
    ],
    [
      'a memory of their agent',
      () =>
        asB(() => {
          const text = `insert into agf_agent_memories (tenant_id, agent_id, text, embedding_model, embedding) values ($1, $2, 't', 'm', '{1}')`;
          return database.db.em.query(text, [b, ids.agent]);
        }),
    ],
    [
      'an elevation of their agent',
      () => {
        const of = { agent_id: ids.agent, agent_version: 1, privilege_level: 5 as const };
        return asB(() => r.elevations.request({ ...of, seconds: 60, reason: 'r', requested_by: 'b' }));
      },
    ],
    [
      'a vote on it',
      () => {
        const text = `insert into agf_agent_elevation_votes (tenant_id, elevation_id, actor, decision) values ($1, $2, 'b', 'approve')`;
        return asB(() => database.db.em.query(text, [b, ids.elevation]));
      },
    ],
    ['an approval of it', () => asB(() => r.approvals.open(newApproval(ids.execution)))],
    ['a chunk of their artifact', () => asB(() => r.artifacts.appendChunk(ids.artifact, 1, Buffer.from('x')))],
    [
      'a connection with their secret',
      () => asB(() => r.connections.put({ name: 'c', kind: 'postgres', secret_name: 's' })),
    ],
    [
      'a vote on their approval',
      () =>
        asB(() =>
          database.db.em.insert(persistence.ApprovalDecisionEntity, {
            tenant_id: b,
            approval_id: ids.approval,
            actor: 'boss',
            decision: 'approve',
          }),
        ),
    ],
    [
      'a comment on their approval',
      () =>
        asB(() =>
          database.db.em.insert(persistence.ApprovalCommentEntity, {
            ...{ tenant_id: b, approval_id: ids.approval, actor: 'b', text: 'x' },
          }),
        ),
    ],
    [
      'a notice of their approval',
      () => asB(() => r.notices.queue({ approval_id: ids.approval, kind: 'reminder', key: 'k' })),
    ],
    [
      'an approval by their standing one',
      async () => {
        const approval = newApproval(await aRunningExecution(database.db, b));
        await asB(async () => {
          await r.approvals.open(approval);
          await r.approvals.decidedByStanding(approval.approval_id, ids.standing);
        });
      },
    ],
    [
      'a version of their workflow',
      () =>
        asB(() => {
          const text = `insert into agf_workflow_versions (tenant_id, workflow_id, version, definition, content_hash, published_by)
            values ($1, $2, 2, '{}', 'h', 'b')`;
          return database.db.em.query(text, [b, ids.workflow]);
        }),
    ],
  ])('%s is refused: the parent must be of the same tenant', async (_, refer) => {
    await expect(refer()).rejects.toThrow(/foreign key/);
  });
});
