import { randomUUID } from 'node:crypto';
import {
  type AgentExecutor,
  type AgentStatus,
  type BreakerSettings,
  type JsonObject,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, Raw } from 'typeorm';
import { AGENT_SNAPSHOT, AgentEntity, type AgentSnapshot, AgentVersionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, getOne, given } from './find.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';
import { change, insert, insertOnce } from './write.js';

export interface NewAgent {
  name: string;
  description?: string | null;
  capabilities?: JsonObject;
  privilege_level: PrivilegeLevel;
  tool_access?: JsonObject;
  resource_limits?: JsonObject;
  model?: string | null;
  executor?: AgentExecutor | null;
  instructions?: string;
  requires_hitl?: boolean;
  circuit_breaker?: BreakerSettings | null;
  created_by: string;
}
export interface AgentsQuery extends PageQuery {
  sort_by?: 'created_at' | 'updated_at' | 'name';
  status?: AgentStatus;
  /** a member of its capabilities */
  capability?: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const snapshotOf = (row: AgentEntity): AgentSnapshot =>
  Object.fromEntries(AGENT_SNAPSHOT.map((name) => [name, row[name]])) as unknown as AgentSnapshot;

/** A tenant's agents. Every method needs an open tenant scope. */
@Injectable()
export class AgentsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null when the tenant already has the name. */
  async create(agent: NewAgent): Promise<AgentEntity | null> {
    const id = randomUUID();
    const row = { capabilities: {}, tool_access: {}, resource_limits: {}, instructions: '', ...agent };
    if (!(await insertOnce(this.db.em, AgentEntity, { ...row, id, tenant_id: this.db.tenantId }))) return null;
    return this.versioned(id, agent.created_by);
  }

  /** The next version. @param seen the version that the change was made for @returns null when it is not that any more */
  async change(id: string, seen: number, set: Partial<AgentSnapshot>, changedBy: string): Promise<AgentEntity | null> {
    const next = { ...set, version: seen + 1 };
    if (!(await change(this.db.em, AgentEntity, id, next, 'version = :seen', { seen }))) return null;
    return this.versioned(id, changedBy);
  }

  /** Newest first. */
  async versions(agentId: string, query: PageQuery = {}): Promise<Page<AgentVersionEntity>> {
    return findPage(this.db.em, AgentVersionEntity, { agent_id: agentId }, { version: direction(query) }, query);
  }

  private async versioned(id: string, changedBy: string): Promise<AgentEntity> {
    const row = await getOne(this.db.em, AgentEntity, { id });
    const { version } = row;
    const kept = { tenant_id: row.tenant_id, agent_id: id, version, agent: snapshotOf(row), changed_by: changedBy };
    await insert(this.db.em, AgentVersionEntity, kept);
    return row;
  }

  async get(id: string): Promise<AgentEntity | null> {
    return findOne(this.db.em, AgentEntity, { id });
  }

  /** By what definitions call them: a name or an id. A name that reads as another's id is the name. */
  async called(names: readonly string[]): Promise<Map<string, AgentEntity>> {
    if (names.length === 0) return new Map();
    const ids = names.filter((name) => UUID.test(name));
    const rows = await this.db.em.find(AgentEntity, {
      where: [{ name: In(names) }, ...(ids.length > 0 ? [{ id: In(ids) }] : [])],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const byName = new Map(rows.map((row) => [row.name, row]));
    return new Map(
      names.flatMap((name) => {
        const row = byName.get(name) ?? byId.get(name.toLowerCase());
        return row ? [[name, row]] : [];
      }),
    );
  }

  async list({ sort_by = 'created_at', status, capability, ...query }: AgentsQuery = {}): Promise<Page<AgentEntity>> {
    const has = (column: string): string => `jsonb_exists(${column}, :capability)`;
    const where: FindOptionsWhere<AgentEntity> = {
      ...given({ status }),
      ...(capability === undefined ? {} : { capabilities: Raw(has, { capability }) }),
    };
    const order = direction(query);
    const [items, total] = await this.db.em.findAndCount(AgentEntity, {
      where,
      order: { [sort_by]: order, id: order },
      ...bounds(query),
    });
    return { items, total };
  }
}
