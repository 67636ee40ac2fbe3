import { type RegisteredTool, type ToolDefinition, ToolRegistry, type ToolReview } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { Brackets, In, IsNull, Not } from 'typeorm';
import { ToolEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, getOne } from './find.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';
import { change, insertOnce } from './write.js';

export interface ToolsQuery extends PageQuery {
  sort_by?: 'created_at' | 'name';
  enabled?: boolean;
}

const NEWER = `select 1 from agf_tool_definitions n where n.tenant_id = t.tenant_id and n.name = t.name and n.version > t.version`;

/** Tenants' own tools. Every method but those that are told the tenant needs an open tenant scope. */
@Injectable()
export class ToolsRepository extends ToolRegistry {
  constructor(private readonly db: TenantDb) {
    super();
  }

  /** Version 1. Null when the tenant has, or had, the name. */
  async create(definition: ToolDefinition, created_by: string): Promise<ToolEntity | null> {
    return this.insert(definition, 1, created_by);
  }

  /** The version after `last`. Null when somebody else has made it, or the tool is not there. */
  async addVersion(definition: ToolDefinition, created_by: string, last: number): Promise<ToolEntity | null> {
    const known = await this.last(definition.name);
    return known?.version === last ? this.insert(definition, last + 1, created_by) : null;
  }

  /** The last version, enabled or not. */
  async last(name: string): Promise<ToolEntity | null> {
    return this.db.em.findOne(ToolEntity, { where: { name }, order: { version: 'DESC' } });
  }

  /** Every version: also executions that are under way call it no more. @returns how many were enabled, or held */
  async disable(name: string): Promise<number> {
    const off = { enabled: false, review: null };
    const enabled = await this.db.em.update(ToolEntity, { name, enabled: true }, off);
    const held = await this.db.em.update(ToolEntity, { name, review: Not(IsNull()) }, off);
    return (enabled.affected ?? 0) + (held.affected ?? 0);
  }

  /** No version is called until it was reviewed. False where that version is not the last, or not enabled any more. */
  async hold(name: string, version: number, review: ToolReview): Promise<boolean> {
    const last = await this.db.em.findOne(ToolEntity, {
      where: { name },
      order: { version: 'DESC' },
      lock: { mode: 'pessimistic_write' },
    });
    if (last?.version !== version || !last.enabled) return false;
    await this.db.em.update(ToolEntity, { name, enabled: true }, { enabled: false });
    return change(this.db.em, ToolEntity, last.id, { review });
  }

  /** Its review is over: it is as it was, and not called. False where none of that hash was due. */
  async closeReview(name: string, version: number, hash: string): Promise<boolean> {
    const row = await findOne(this.db.em, ToolEntity, { name, version });
    if (row?.review?.hash !== hash) return false;
    return change(this.db.em, ToolEntity, row.id, { review: null }, 'review is not null');
  }

  /** Of each tool the last version. */
  async list({ sort_by = 'name', enabled, ...query }: ToolsQuery = {}): Promise<Page<ToolEntity>> {
    const { take, skip } = bounds(query);
    const rows = this.db.em.createQueryBuilder(ToolEntity, 't').where(`not exists (${NEWER})`);
    if (enabled !== undefined) rows.andWhere('t.enabled = :enabled', { enabled });
    const order = direction(query);
    const [items, total] = await rows
      .orderBy(`t.${sort_by}`, order)
      .addOrderBy('t.id', order)
      .take(take)
      .skip(skip)
      .getManyAndCount();
    return { items, total };
  }

  override async newest(tenantId: string, names: readonly string[]): Promise<ReadonlyMap<string, RegisteredTool>> {
    if (names.length === 0) return new Map();
    return this.db.run(tenantId, async (em) => {
      const rows = await em
        .createQueryBuilder(ToolEntity, 't')
        .distinctOn(['t.name'])
        .where({ name: In([...new Set(names)]) })
        .andWhere(new Brackets((either) => either.where('t.enabled').orWhere('t.review is not null')))
        .orderBy('t.name')
        .addOrderBy('t.version', 'DESC')
        .getMany();
      return new Map(rows.map((row) => [row.name, registeredTool(row)]));
    });
  }

  override async version(tenantId: string, name: string, version: number): Promise<RegisteredTool | null> {
    return this.db.run(tenantId, async (em) => {
      const row = await findOne(em, ToolEntity, { name, version });
      return row && registeredTool(row);
    });
  }

  private async insert(definition: ToolDefinition, version: number, created_by: string): Promise<ToolEntity | null> {
    const { name, kind } = definition;
    const row = { tenant_id: this.db.tenantId, name, version, kind, definition, enabled: true, created_by };
    if (!(await insertOnce(this.db.em, ToolEntity, row))) return null;
    return getOne(this.db.em, ToolEntity, { name, version });
  }
}

const registeredTool = ({ definition, id, version, review }: ToolEntity): RegisteredTool => ({
  ...definition,
  ...{ id, version },
  ...(review === null ? {} : { held: true as const }),
});
