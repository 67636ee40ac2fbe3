import {
  type Actor,
  ApiError,
  type ElevationVote,
  invalidRequest,
  mayDecide,
  type MayNotDecide,
} from '@aumos/agf-domain';
import {
  AgentsRepository,
  AuditRepository,
  type ElevationEntity,
  ElevationsRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../../members/own-level.js';
import { unstorable } from '../../unstorable.js';
import { elevationView } from './elevation.convert.js';
import type { ElevationView } from './elevation.view.js';

interface Deciding {
  agent_id: string;
  id: string;
  decision: ElevationVote;
  notes?: string | undefined;
}

const WHY: Partial<Record<MayNotDecide, string>> = {
  requester: 'Who asked for it does not decide on it.',
  role: 'Deciding needs the role approver or admin.',
  level: 'Your level is too low for this decision.',
};

/** One person's word on an elevation, by the rules of approvals: never who asked, at most once, at a level that suffices. */
@Injectable()
export class DecideElevation {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly elevations: ElevationsRepository,
    private readonly audit: AuditRepository,
    private readonly level: OwnLevel,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, PRIVILEGE_DENIED, INVALID_STATE, CONFLICT for a second vote */
  async run(actor: Actor, deciding: Deciding): Promise<ElevationView> {
    const { agent_id, id, decision, notes } = deciding;
    const fields = unstorable({ notes });
    if (fields.length > 0) throw invalidRequest(fields);
    const asked = await this.db.run(actor.tenant_id, () => this.elevations.get(agent_id, id));
    if (!asked) throw notFound();
    await this.authorize(actor, asked, decision);
    return this.db.run(actor.tenant_id, async () => {
      const voted = await this.elevations.vote({ elevation_id: id, actor: actor.sub, decision, notes: notes ?? null });
      if (voted.kind === 'not_requested') throw new ApiError('INVALID_STATE', 'Nobody is asked any more.');
      if (voted.kind === 'duplicate_actor') throw new ApiError('CONFLICT', 'You have decided on this already.');
      const agent = await this.agents.get(agent_id);
      if (voted.kind !== 'voted' || !agent) throw notFound();
      const { elevation } = voted;
      await this.audit.append({
        ...entryOf(id, decision),
        actor_id: actor.sub,
        outcome: 'allowed',
        details: {
          agent_id,
          privilege_level: elevation.privilege_level,
          granted_until: elevation.decision === 'granted' ? elevation.expires_at.toISOString() : null,
        },
      });
      return elevationView(elevation, agent.version, await this.elevations.votes([id]));
    });
  }

  private async authorize(actor: Actor, asked: ElevationEntity, decision: ElevationVote): Promise<void> {
    const effective = await this.level.of(actor);
    const may = mayDecide(actor, effective, asked);
    if (may.allowed) return;
    const { privilege_level: need } = asked;
    const details = { agent_id: asked.agent_id, reason: may.reason, need, effective };
    throw await this.level.refused(
      actor,
      { need: need, effective },
      { ...entryOf(asked.id, decision), details, why: WHY[may.reason] ?? 'You do not decide on this.' },
    );
  }
}

const entryOf = (id: string, decision: ElevationVote) => ({
  action: `elevation.${decision}`,
  resource_type: 'elevation',
  resource_id: id,
});
