import type { Actor, JsonObject } from '@aumos/agf-domain';
import { AgentsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { AgentSessions } from '@aumos/agf-sessions';
import { Injectable } from '@nestjs/common';

/**
 * Makes an agent forget. Who asked for it is on record before it is done: Redis and PostgreSQL share no transaction, and
 * nothing may go without a trace.
 */
@Injectable()
export class RemoveSessions {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly audit: AuditRepository,
    private readonly sessions: AgentSessions,
  ) {}

  /** @throws ApiError NOT_FOUND, SERVICE_UNAVAILABLE */
  async one(actor: Actor, agent: string, id: string): Promise<void> {
    const of = { tenant: actor.tenant_id, agent };
    await this.mustExist(of.tenant, agent);
    const info = await this.sessions.info(of, id);
    if (!info) throw notFound();
    await this.record(actor, 'session.remove', id, { agent_id: agent, kind: info.kind });
    await this.sessions.remove(of, id);
  }

  /** Shared ones that it wrote to included. @throws ApiError NOT_FOUND, SERVICE_UNAVAILABLE */
  async all(actor: Actor, agent: string): Promise<void> {
    const of = { tenant: actor.tenant_id, agent };
    await this.mustExist(of.tenant, agent);
    const { total } = await this.sessions.list(of, { page: 1, page_size: 1 });
    await this.record(actor, 'session.remove', 'all', { agent_id: agent, sessions: total });
    await this.sessions.removeAll(of);
  }

  private async mustExist(tenant: string, agent: string): Promise<void> {
    if (!(await this.db.run(tenant, () => this.agents.get(agent)))) throw notFound();
  }

  private record(actor: Actor, action: string, id: string, details: JsonObject): Promise<void> {
    const entry = { actor_id: actor.sub, action, resource_type: 'session', resource_id: id, details };
    return this.db.run(actor.tenant_id, () => this.audit.append({ ...entry, outcome: 'allowed' }));
  }
}
