import { randomUUID } from 'node:crypto';
import { AgentSessions } from '@aumos/agf-sessions';
import {
  type Definition,
  ended,
  execution,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { type Ids, NOTHING, type Route, SESSION } from '../routes.js';
import { world } from '../system.js';
import { person } from './people.js';

export const TOOL = {
  kind: 'http',
  description: 'Reads something.',
  category: 'http',
  input_schema: { type: 'object' },
  output_schema: true,
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 5,
  http: { method: 'GET', url: 'https://example.com/' },
};
const CONNECTION = { kind: 'ticket', settings: { http: { method: 'POST', url: 'https://example.com/issues' } } };
const LINE = [
  { source: 'START', target: 'only' },
  { source: 'only', target: 'END' },
];
/** One node `only`. */
export const alone = (node: object, more: object = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('alone'),
  state: { said: {} },
  nodes: [{ id: 'only', ...node }],
  edges: LINE,
  output: { cel: 'state.said' },
  ...more,
});
export const saying = (said: string): Definition => alone({ type: 'transform', set: { said } });
const WAITING = { type: 'wait', signal: 'go', output: 'said' };
const FAILING = { type: 'transform', set: { said: { cel: 'input.none' } } };
const ASKING = { type: 'gate', gate: 'look', payload: { question: 'go on?' }, output: 'said' };
const QUERY = { query: 'n', data: { n: 1 } };
const CALLING = { type: 'tool', tool: 'json_query', arguments: QUERY, gate: 'look', output: 'said' };
const LOOK = { hitl_gates: { look: { gate_name: 'look', trigger_condition: 'privilege_level >= 1' } } };

/** Of a tool that nobody calls. */
export const STANDING = () => ({
  ...{ tool: 'nobody_calls_it', condition: 'true', reason: 'It is tried.', max_uses: 1 },
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
});

const ALL = ['admin', 'developer', 'approver'];

/** A tenant with nobody else in it, where something of each kind can be had. */
export class Estate {
  readonly tenant = randomUUID();
  readonly owner = person({ sub: unique('owner'), tenant: this.tenant, roles: ALL, level: 5 });
  /** who asked for nothing, and so may decide */
  readonly deputy = person({ sub: unique('deputy'), tenant: this.tenant, roles: ALL, level: 5 });
  /** what it published, by id */
  readonly definitions = new Map<string, Definition>();
  readonly names = { agent: unique('their_agent'), workflow: '' };

  async workflow(definition = saying('theirs')): Promise<string> {
    const id = await publish(this.owner, definition);
    this.definitions.set(id, definition);
    return id;
  }

  async agent(name = unique('agent')): Promise<string> {
    return this.made('/agents', { name, privilege_level: 1 });
  }

  /** An agent that remembers something. */
  async remembering(): Promise<{ agents: string }> {
    const agents = await this.agent();
    const sessions = new AgentSessions(world().redis, { ttlSeconds: 600 });
    await sessions.open({ tenant: this.tenant, agent: agents, session: SESSION }).set('memory', 'theirs');
    return { agents };
  }

  async elevation(): Promise<{ agents: string; elevations: string }> {
    const agents = await this.agent();
    const asked = { privilege_level: 2, seconds: 60, reason: 'It is tried.' };
    return { agents, elevations: await this.made(`/agents/${agents}/elevations`, asked) };
  }

  async ended(definition = saying('theirs')): Promise<{ workflows: string; executions: string }> {
    const workflows = await this.workflow(definition);
    const executions = await start(this.owner, workflows);
    await ended(this.owner, executions);
    return { workflows, executions };
  }

  failed(): Promise<{ workflows: string; executions: string }> {
    return this.ended(alone(FAILING));
  }

  async waiting(): Promise<{ workflows: string; executions: string }> {
    const workflows = await this.workflow(alone(WAITING));
    const executions = await start(this.owner, workflows);
    await eventually(async () => (await execution(this.owner, executions)).current_node === 'only', 'it to wait');
    return { workflows, executions };
  }

  async paused(): Promise<{ executions: string }> {
    const made = await this.waiting();
    await this.owner.must(202, this.owner.post(`/executions/${made.executions}/pause`));
    return made;
  }

  async asking(node: object = ASKING): Promise<{ hitl: string; executions: string }> {
    const executions = await start(this.owner, await this.workflow(alone(node, LOOK)));
    return { executions, hitl: (await pendingApproval(this.owner, executions)).id };
  }

  async artifact(text = 'a,b\n1,theirs\n'): Promise<string> {
    return (await upload(this.owner, text)).slice('artifact:'.length);
  }

  async tool(): Promise<string> {
    const name = unique('tool');
    await this.owner.must(201, this.owner.post('/tools', { name, ...TOOL }));
    return name;
  }

  async secret(): Promise<string> {
    const name = unique('secret');
    const secret = { name, value: 'theirs-0123456789', hosts: ['example.com'] };
    await this.owner.must(201, this.owner.post('/secrets', secret));
    return name;
  }

  async connection(): Promise<string> {
    const name = unique('connection');
    await this.owner.must(201, this.owner.post('/connections', { name, ...CONNECTION }));
    return name;
  }

  async group(): Promise<string> {
    const name = unique('group');
    await this.owner.must(
      200,
      this.owner.request('PUT', `/hitl/groups/${name}`, { json: { members: ['theirs|somebody'] } }),
    );
    return name;
  }

  async standing(): Promise<string> {
    return this.made('/hitl/standing-approvals', STANDING());
  }

  /** An approval that the deputy works on. */
  async claimed(): Promise<{ hitl: string; executions: string }> {
    const made = await this.asking();
    await this.deputy.must(200, this.deputy.post(`/hitl/${made.hitl}/claim`, {}));
    return made;
  }

  /** Of no call that anybody makes. */
  async policy(): Promise<string> {
    const name = unique('policy');
    await this.owner.must(200, this.owner.request('PUT', `/hitl/policies/${name}`, { json: { condition: 'false' } }));
    return name;
  }

  /** Ends what still waits, so that the system comes to rest. */
  async close(): Promise<void> {
    const open = await world().rows<{ id: string }>(
      `select id from agf_workflow_executions
       where tenant_id = $1 and status not in ('completed', 'failed', 'cancelled')`,
      [this.tenant],
    );
    await Promise.all(open.map(({ id }) => this.owner.must(202, this.owner.post(`/executions/${id}/cancel`))));
  }

  async channel(): Promise<string> {
    const settings = { url: 'https://example.com/approvals' };
    return this.made('/hitl/channels', { kind: 'webhook', name: unique('channel'), settings });
  }

  /** One that can be sent again. */
  async delivery(): Promise<string> {
    const id = await this.made('/hitl/channels', {
      ...{ kind: 'webhook', name: unique('channel'), settings: { url: 'https://example.com/approvals' } },
      notices: ['unfulfillable'],
    });
    const [row] = await world().rows<{ id: string }>(
      `insert into agf_hitl_deliveries (tenant_id, channel_id, kind, message, status)
       values ($1, $2, 'test', '{}', 'dead') returning id`,
      [this.tenant, id],
    );
    return row!.id;
  }

  async member(): Promise<string> {
    const sub = `theirs|${unique('member')}`;
    await this.owner.must(201, this.owner.post('/members', { sub, roles: [], privilege_level: 1 }));
    return sub;
  }

  async breaker(): Promise<string> {
    const key = `workflow:${(await this.failed()).workflows}`;
    await eventually(async () => (await this.owner.get(`/circuit-breakers/${key}`)).status === 200, 'the breaker');
    return key;
  }

  /** A breaker that can be released, and isolated anew. */
  async isolated(): Promise<string> {
    const key = `workflow:${await this.workflow()}`;
    await this.owner.must(200, this.owner.post(`/circuit-breakers/${key}/isolate`, { reason: 'It is tried.' }));
    return key;
  }

  /** One that was: only a sandbox has more. */
  async drill(): Promise<string> {
    const [row] = await world().rows<{ id: string }>(
      `insert into agf_breaker_drills
         (tenant_id, tool, seconds, recovery_seconds, started_by, fault_ends_at, ends_at, completed_at, report)
       values ($1, 'csv_profile', 1, 1, 'owner', now(), now(), now(), '{}') returning id`,
      [this.tenant],
    );
    return row!.id;
  }

  /** Something of each kind, which reading leaves as it is. */
  async basis(): Promise<Ids> {
    const [
      elevation,
      ended,
      asking,
      artifacts,
      tools,
      secrets,
      connections,
      members,
      breaker,
      drills,
      groups,
      standing,
      channels,
      deliveries,
      policies,
    ] = await Promise.all([
      this.elevation(),
      this.ended(),
      this.asking(),
      this.artifact(),
      this.tool(),
      this.secret(),
      this.connection(),
      this.member(),
      this.breaker(),
      this.drill(),
      this.group(),
      this.standing(),
      this.channel(),
      this.delivery(),
      this.policy(),
    ]);
    const sessions = new AgentSessions(world().redis, { ttlSeconds: 600 });
    await sessions.open({ tenant: this.tenant, agent: elevation.agents, session: SESSION }).set('memory', 'theirs');
    const named = {
      policies,
      channels,
      deliveries,
      groups,
      standing,
      drills,
      artifacts,
      tools,
      secrets,
      connections,
      members,
    };
    const all = { ...NOTHING, ...elevation, ...ended, hitl: asking.hitl, ...named };
    return { ...all, 'circuit-breakers': breaker };
  }

  /** What a route that writes can be done to: each time another one. */
  async fresh({ method, path }: Route): Promise<Partial<Ids>> {
    const name = `${method} ${path.slice('/api/v1'.length)}`;
    if (/elevations\/\{/.test(name)) return this.elevation();
    if (name.includes('/sessions')) return this.remembering();
    if (name.includes(' /agents')) return { agents: await this.agent() };
    if (name.includes(' /hitl/deliveries')) return { deliveries: await this.delivery() };
    if (/\/(?:compare|fork|replay)$/.test(name)) return this.ended();
    if (/\/retry$/.test(name)) return this.failed();
    if (/\/resume$/.test(name)) return this.paused();
    if (name.includes(' /executions/') || /workflows\/\{id\}\/cancel$/.test(name)) return this.waiting();
    if (name.includes(' /workflows')) return { workflows: await this.workflow() };
    if (name.includes(' /artifacts')) return { artifacts: await this.artifact() };
    if (name.includes(' /tools')) return { tools: await this.tool() };
    if (name.includes(' /secrets')) return { secrets: await this.secret() };
    if (name.includes(' /connections')) return { connections: await this.connection() };
    if (name.includes(' /members')) return { members: await this.member() };
    if (name.includes(' /circuit-breakers/{key}')) return { 'circuit-breakers': await this.isolated() };
    if (name.includes(' /hitl/groups')) return { groups: await this.group() };
    if (name.includes(' /hitl/standing-approvals')) return { standing: await this.standing() };
    if (name.endsWith('/release')) return this.claimed();
    if (name.includes(' /hitl/channels')) return { channels: await this.channel() };
    if (name.includes(' /hitl/policies')) return { policies: await this.policy() };
    if (name.endsWith('/edit')) return this.asking(CALLING);
    if (name.includes(' /hitl')) return this.asking();
    throw new Error(`what is ${name} done to?`);
  }

  private async made(path: string, body: object): Promise<string> {
    return (await this.owner.must(201, this.owner.post<{ id: string }>(path, body))).id;
  }
}

/** What a route that writes is sent, so that it does something. */
export function bodyFor({ method, path }: Route, ids: Partial<Ids>, estate: Estate): unknown {
  const name = `${method} ${path.slice('/api/v1'.length)}`;
  const definition = estate.definitions.get(ids.workflows ?? '');
  const bodies: Record<string, unknown> = {
    'PATCH /agents/{id}': { instructions: 'Do as you like.' },
    'PUT /agents/{id}/tools': { tool_access: {} },
    'POST /agents/{id}/invoke': { input_data: 'hello', wait_seconds: 0 },
    'POST /agents/{id}/elevations': { privilege_level: 2, seconds: 60, reason: 'It is tried.' },
    'POST /workflows/{id}/versions': { graph_definition: { ...definition, description: 'another' } },
    'POST /workflows/{id}/simulate': { input_data: {} },
    'POST /workflows/{id}/compare': { version: 1 },
    'POST /executions/{id}/fork': { node: 'only' },
    'PUT /tools/{name}': TOOL,
    'PUT /secrets/{name}': { value: 'others-0123456789', hosts: ['example.com'] },
    'PUT /connections/{name}': CONNECTION,
    'POST /tools/{name}/review': { accept: true, hash: '0'.repeat(64) },
    'POST /circuit-breakers/{key}/isolate': { reason: 'It is tried again.' },
    'POST /circuit-breakers/{key}/release': { reason: 'It was tried.' },
    'PUT /hitl/policies/{name}': { condition: 'false', approvals_required: 2 },
    'POST /hitl/bulk': { decisions: [{ id: ids.hitl, decision: 'approve' }] },
    'POST /hitl/{id}/edit': { arguments: { ...QUERY, query: 'm' } },
    'POST /hitl/{id}/respond': { result: 'theirs' },
    'POST /hitl/{id}/delegate': { to: 'others|somebody' },
    'POST /hitl/{id}/comments': { text: 'It is tried.' },
    'PUT /hitl/groups/{name}': { members: ['others|somebody'] },
    'POST /hitl/standing-approvals': STANDING(),
    'PUT /hitl/channels/{id}': { name: unique('channel'), settings: { url: 'https://example.com/others' } },
    'PUT /members/{sub}': { roles: ['viewer'], privilege_level: 2 },
  };
  return bodies[name] ?? {};
}
