import { AUDIT_GENESIS, type AuditHead, type ChainedEntry, type JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { AuditEntity } from '../entities/index.js';
import { jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { given } from './find.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';

export interface AuditEntry {
  actor_id: string;
  /** e.g. `approval.approve` */
  action: string;
  resource_type: string;
  resource_id: string;
  outcome: 'allowed' | 'denied';
  details?: JsonObject;
}
export interface AuditQuery extends PageQuery {
  actor_id?: string;
  action?: string;
  resource_type?: string;
  resource_id?: string;
  outcome?: 'allowed' | 'denied';
  /** RFC 3339 */
  occurred_after?: string;
  /** RFC 3339 */
  occurred_before?: string;
}

const APPEND = `
  insert into agf_audit_log (tenant_id, actor_id, action, resource_type, resource_id, outcome, details)
  values ($1::uuid, $2, $3, $4, $5, $6, $7::jsonb)`;

/** A `Date` would lose the microseconds, and with them the hash. */
const OCCURRED_AT = `to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const COLUMNS = [
  'tenant_id',
  'id',
  'actor_id',
  'action',
  'resource_type',
  'resource_id',
  'outcome',
  'details',
  'position',
  'previous_hash',
  'hash',
] as const satisfies readonly (keyof ChainedEntry)[];

/**
 * Each tenant's chain of entries; append only. Every method needs an open tenant scope; a denial is written in a scope
 * of its own, or it rolls back.
 */
@Injectable()
export class AuditRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * At the commit, last of all: until then nobody waits for this writer. A rollback leaves no gap. What cannot be stored
   * of the details is replaced.
   */
  append(entry: AuditEntry): Promise<void> {
    const { actor_id, action, resource_type, resource_id, outcome, details = {} } = entry;
    const values = [this.db.tenantId, actor_id, action, resource_type, resource_id, outcome, jsonbReplacing(details)];
    this.db.atCommitLast({ name: 'agf_append_audit', text: APPEND, values });
    return Promise.resolve();
  }

  /** Newest first. */
  async list(query: AuditQuery = {}): Promise<Page<ChainedEntry>> {
    const { actor_id, action, resource_type, resource_id, outcome, occurred_after, occurred_before } = query;
    const { take, skip } = bounds(query);
    const matching = this.entries().where(given({ actor_id, action, resource_type, resource_id, outcome }));
    if (occurred_after) matching.andWhere('e.created_at > :occurred_after', { occurred_after });
    if (occurred_before) matching.andWhere('e.created_at < :occurred_before', { occurred_before });
    const total = await matching.getCount();
    const items = await read(matching.orderBy('e.position', direction(query)).limit(take).offset(skip));
    return { items, total };
  }

  /** Entries after `position` and up to `last`, oldest first, at most so many. */
  async after(position: number, last: number, most: number): Promise<ChainedEntry[]> {
    const found = this.entries().where('e.position > :position and e.position <= :last', { position, last });
    return read(found.orderBy('e.position', 'ASC').limit(most));
  }

  /** The newest entry's; position 0 where there is none yet. */
  async head(): Promise<AuditHead> {
    const [row] = await this.db.em.query<{ position: string; hash: string }[]>(
      'select position, hash from agf_audit_heads',
    );
    const { position, hash } = row ?? { position: 0, hash: AUDIT_GENESIS };
    return { tenant_id: this.db.tenantId, position: Number(position), hash };
  }

  private entries(): SelectQueryBuilder<AuditEntity> {
    return this.db.em.createQueryBuilder(AuditEntity, 'e');
  }
}

async function read(query: SelectQueryBuilder<AuditEntity>): Promise<ChainedEntry[]> {
  query.select([]);
  for (const column of COLUMNS) query.addSelect(`e.${column}`, column);
  const rows = await query.addSelect(OCCURRED_AT, 'occurred_at').getRawMany<ChainedEntry>();
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}
