import { ApiError, type Role } from '@aumos/agf-domain';
import { AgentsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound, type Page, pageOf } from '@aumos/agf-platform';
import { AgentSessions } from '@aumos/agf-sessions';
import { Injectable } from '@nestjs/common';
import { sessionView } from './session.convert.js';
import type { SessionsQueryDto } from './session.dto.js';
import type { SessionDetailView, SessionView } from './session.view.js';

const MAY_READ_VALUES: readonly Role[] = ['admin', 'developer'];

/** What an agent remembers. To look is no use: no session lasts longer for it. */
@Injectable()
export class ReadSessions {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly audit: AuditRepository,
    private readonly sessions: AgentSessions,
  ) {}

  /** @throws ApiError NOT_FOUND, SERVICE_UNAVAILABLE */
  async list(tenant: string, agent: string, query: SessionsQueryDto): Promise<Page<SessionView>> {
    await this.mustExist(tenant, agent);
    const { items, total } = await this.sessions.list({ tenant, agent }, query);
    return pageOf(
      items.map((info) => sessionView(agent, info)),
      total,
      query,
    );
  }

  /** @throws ApiError NOT_FOUND, FORBIDDEN for values, SERVICE_UNAVAILABLE */
  async get(actor: AuthenticatedActor, agent: string, id: string, withValues: boolean): Promise<SessionDetailView> {
    const of = { tenant: actor.tenant_id, agent };
    await this.mustExist(of.tenant, agent);
    const info = await this.sessions.info(of, id);
    if (!info) throw notFound();
    if (!withValues) return { ...sessionView(agent, info), values: null };
    await this.mustBeAllowed(actor, agent, id);
    const values = await this.sessions.values(of, id);
    return { ...sessionView(agent, info), values: Object.fromEntries(values) };
  }

  private async mustExist(tenant: string, agent: string): Promise<void> {
    if (!(await this.db.run(tenant, () => this.agents.get(agent)))) throw notFound();
  }

  private async mustBeAllowed(actor: AuthenticatedActor, agent: string, id: string): Promise<void> {
    if (MAY_READ_VALUES.some((role) => actor.roles.includes(role))) return;
    const denial = {
      actor_id: actor.sub,
      action: 'session.read_values',
      resource_type: 'session',
      resource_id: id,
      outcome: 'denied' as const,
      details: { agent_id: agent },
    };
    await this.db.run(actor.tenant_id, () => this.audit.append(denial));
    throw new ApiError('FORBIDDEN', 'None of your roles allows this.', { required_roles: [...MAY_READ_VALUES] });
  }
}
