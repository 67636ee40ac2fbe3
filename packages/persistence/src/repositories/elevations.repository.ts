import {
  ELEVATION_APPROVERS,
  ELEVATION_REQUEST_SECONDS,
  type ElevationVote,
  type PrivilegeLevel,
  samePerson,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { AgentEntity, ElevationEntity, ElevationVoteEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, getOne, lockOne } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { approvalsWith } from './votes.js';
import { change, insert, insertOnce } from './write.js';

export interface NewElevation {
  agent_id: string;
  /** as it was when this was asked for */
  agent_version: number;
  privilege_level: PrivilegeLevel;
  /** from when it is granted */
  seconds: number;
  reason: string;
  requested_by: string;
}
export interface NewElevationVote {
  elevation_id: string;
  actor: string;
  decision: ElevationVote;
  notes?: string | null;
}
export type Voted =
  /** this vote ended it, or counted and more are needed */
  | { kind: 'voted'; elevation: ElevationEntity }
  | { kind: 'not_requested' }
  | { kind: 'duplicate_actor' }
  | { kind: 'requester' }
  | { kind: 'not_found' };

const AS_IT_IS = `agent_version = (select a.version from agf_agent_definitions a
  where a.tenant_id = agf_agent_elevations.tenant_id and a.id = agf_agent_elevations.agent_id)`;
const OPEN = `decision = 'requested' and expires_at > clock_timestamp() and ${AS_IT_IS}`;
const IN_FORCE = `decision = 'granted' and expires_at > clock_timestamp()`;

const later =
  (seconds: string): (() => string) =>
  () =>
    `clock_timestamp() + make_interval(secs => ${seconds})`;

/** What agents may do for a while beyond their level. Every method needs an open tenant scope; the clock is the database's. */
@Injectable()
export class ElevationsRepository {
  constructor(private readonly db: TenantDb) {}

  async request(elevation: NewElevation): Promise<ElevationEntity> {
    const expires_at = later(String(ELEVATION_REQUEST_SECONDS));
    const row = { ...elevation, tenant_id: this.db.tenantId, expires_at } as const;
    return getOne(this.db.em, ElevationEntity, { id: await insert(this.db.em, ElevationEntity, row) });
  }

  async get(agent_id: string, id: string): Promise<ElevationEntity | null> {
    return findOne(this.db.em, ElevationEntity, { agent_id, id });
  }

  /** Newest first. */
  async list(agent_id: string, query: PageQuery = {}): Promise<Page<ElevationEntity>> {
    const order = direction(query);
    return findPage(this.db.em, ElevationEntity, { agent_id }, { created_at: order, id: order }, query);
  }

  /** In the order in which they came, by elevation. */
  async votes(elevationIds: readonly string[]): Promise<ElevationVoteEntity[]> {
    if (elevationIds.length === 0) return [];
    const where = { elevation_id: In([...elevationIds]) };
    return this.db.em.find(ElevationVoteEntity, { where, order: { created_at: 'ASC', id: 'ASC' } });
  }

  /**
   * One vote of one person. The row's lock puts those who vote at once in an order. A rejection ends the request; the
   * second approval grants it, from now on.
   */
  async vote({ elevation_id: id, actor, decision, notes = null }: NewElevationVote): Promise<Voted> {
    const { em } = this.db;
    const row = await lockOne(em, ElevationEntity, { id });
    if (!row) return { kind: 'not_found' };
    if (samePerson(row.requested_by, actor)) return { kind: 'requester' };
    const isOpen = em.createQueryBuilder(ElevationEntity, 'agf_agent_elevations').where(`id = :id and ${OPEN}`, { id });
    if (!(await isOpen.getExists())) return { kind: 'not_requested' };
    const before = await this.votes([id]);
    if (before.some((vote) => samePerson(vote.actor, actor))) return { kind: 'duplicate_actor' };
    const vote = { tenant_id: this.db.tenantId, elevation_id: id, actor, decision, notes };
    if (!(await insertOnce(em, ElevationVoteEntity, vote))) return { kind: 'duplicate_actor' };
    if (decision === 'reject') await change(em, ElevationEntity, id, { decision: 'rejected' });
    else if (approvalsWith(before) >= ELEVATION_APPROVERS)
      await change(em, ElevationEntity, id, { decision: 'granted', expires_at: later('seconds') });
    return { kind: 'voted', elevation: await getOne(em, ElevationEntity, { id }) };
  }

  /** Ends one that is asked for or in force. @returns whether there was anything to end */
  async revoke(id: string): Promise<boolean> {
    const condition = `decision in ('requested', 'granted') and expires_at > clock_timestamp()`;
    return change(this.db.em, ElevationEntity, id, { decision: 'revoked' }, condition);
  }

  /** The highest level that is granted to this agent, as it is, at this moment; null where none is. */
  async levelNow({ id, version }: Pick<AgentEntity, 'id' | 'version'>): Promise<PrivilegeLevel | null> {
    const found = await this.db.em
      .createQueryBuilder(ElevationEntity, 'e')
      .select('max(e.privilege_level)', 'level')
      .where(`e.agent_id = :id and e.agent_version = :version and ${IN_FORCE}`, { id, version })
      .getRawOne<{ level: PrivilegeLevel | null }>();
    return found?.level ?? null;
  }
}
