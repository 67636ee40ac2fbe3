import { ApiError, type ApproverRef, type PrivilegeLevel } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type SelectQueryBuilder } from 'typeorm';
import { ApprovalEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { type Cursor, decodeCursor, encodeCursor, microseconds } from './cursor.js';
import { inFamily } from './family.sql.js';
import { findByIds } from './find.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';

/** Whom stages of pending approvals ask: none named is whoever may decide at all. */
export interface AskedOf {
  key: string;
  refs: ApproverRef[];
}

/** Who asks what waits for them. */
export interface InboxReader {
  sub: string;
  /** at most of this level; null: they decide nothing */
  level: PrivilegeLevel | null;
  /** keys of those that ask them */
  asked: readonly string[];
}

export interface InboxFilter {
  workflow_id?: string;
  workflow_name?: string;
  tool?: string;
  gate_name?: string;
  min_level?: number;
  max_level?: number;
  /** with the executions below it */
  execution_id?: string;
  older_than_minutes?: number;
  expires_within_minutes?: number;
  claimed?: 'mine' | 'free' | 'others';
  /** default: those that the reader may decide */
  for?: 'me' | 'all';
}
export interface InboxQuery extends PageQuery, InboxFilter {
  /** keys of those that ask for whom was filtered */
  asked?: readonly string[];
  sort_by?: InboxSort;
  /** of the page before, sorted the same way; `page` does not count then */
  cursor?: string;
}
export type InboxSort = 'created_at' | 'expires_at' | 'privilege_level';
export type InboxPage = Page<ApprovalEntity> & { next_cursor: string | null };

/** Of the pending ones that are alike in all these: how many. */
export interface InboxCount {
  workflow_id: string;
  workflow_name: string | null;
  privilege_level: PrivilegeLevel;
  asked_key: string;
  /** the reader may decide them */
  mine: boolean;
  count: number;
  expiring: number;
  claimed_by_me: number;
  oldest: Date;
}

/** As an index has them found one by one: a tenant has few, whatever it has pending. */
const ASKED = `
  with recursive keys as (
    (select asked_key from agf_hitl_approvals where status = 'pending' order by asked_key limit 1)
    union all
    select (select a.asked_key from agf_hitl_approvals a where a.status = 'pending' and a.asked_key > k.asked_key
      order by a.asked_key limit 1)
    from keys k where k.asked_key is not null)
  select k.asked_key as key, one.refs from keys k cross join lateral (
    select agf_asked(a.rule, a.stage, a.extra_approvers) as refs from agf_hitl_approvals a
    where a.status = 'pending' and a.asked_key = k.asked_key order by a.created_at, a.id limit 1) one`;

/** How the database spells the reader, and what was left to them. $1 sub */
const READER = `
  select agf_person($1) as me, array(
    select id from agf_hitl_approvals where status = 'pending' and left_to <> '{}' and agf_person($1) = any(left_to)
  ) as left_to_me`;

/** As `mayDecide` of the domain; and in time, and once. */
const MINE = `((a.expires_at > now() or not a.auto_reject_on_timeout)
  and (a.asked_key = any(:keys::uuid[]) or a.id = any(:left::uuid[]))
  and a.privilege_level <= :level and :me <> all(a.kept_out))`;
const CLAIM_HOLDS = 'a.claimed_by is not null and a.claimed_until > now()';
const CLAIMED = {
  mine: `(${CLAIM_HOLDS} and agf_person(a.claimed_by) = :me)`,
  free: '(a.claimed_by is null or a.claimed_until is null or a.claimed_until <= now())',
  others: `(${CLAIM_HOLDS} and agf_person(a.claimed_by) <> :me)`,
};
/** A decider of this level decides any approval. */
const DECIDES_ALL: PrivilegeLevel = 4;
const HIGHEST: PrivilegeLevel = 5;

type Rows = SelectQueryBuilder<ApprovalEntity>;
interface Known {
  me: string;
  left_to_me: string[];
}

/** What waits for people. Every method needs an open tenant scope. */
@Injectable()
export class ApprovalInboxRepository {
  constructor(private readonly db: TenantDb) {}

  async asked(): Promise<AskedOf[]> {
    return this.db.em.query<AskedOf[]>(ASKED);
  }

  /** A page by number, or the one after a cursor: that is stable while approvals are asked for and decided. */
  async page(reader: InboxReader, query: InboxQuery): Promise<InboxPage> {
    const known = await this.known(reader);
    const counted = this.filtered(reader, known, query).select('count(*)::int', 'total');
    const { total } = (await counted.getRawOne<{ total: number }>())!;
    const found = await this.idsOf(this.filtered(reader, known, query), query, total);
    const byId = await findByIds(this.db.em, ApprovalEntity, found.ids);
    return { items: found.ids.map((id) => byId.get(id)!), total, next_cursor: found.next };
  }

  /** All that is pending, by what it has in common. */
  async counts(reader: InboxReader): Promise<InboxCount[]> {
    const known = await this.known(reader);
    const mine = reader.level === null ? 'false' : MINE;
    const by = ['a.workflow_id', 'a.workflow_name', 'a.privilege_level', 'a.asked_key', mine];
    const rows = this.db.em.createQueryBuilder(ApprovalEntity, 'a').where(`a.status = 'pending'`).select([]);
    const names = ['workflow_id', 'workflow_name', 'privilege_level', 'asked_key', 'mine'];
    by.forEach((column, at) => rows.addSelect(column, names[at]));
    return rows
      .addSelect('count(*)::int', 'count')
      .addSelect(`(count(*) filter (where a.expires_at <= now() + interval '1 hour'))::int`, 'expiring')
      .addSelect(`(count(*) filter (where ${CLAIMED.mine}))::int`, 'claimed_by_me')
      .addSelect('min(a.created_at)', 'oldest')
      .groupBy('1, 2, 3, 4, 5')
      .setParameters(this.parameters(reader, known))
      .getRawMany<InboxCount>();
  }

  private async known({ sub }: InboxReader): Promise<Known> {
    const [known] = await this.db.em.query<Known[]>(READER, [sub]);
    return known!;
  }

  private parameters({ level, asked }: InboxReader, { me, left_to_me: left }: Known): object {
    const most = level !== null && level >= DECIDES_ALL ? HIGHEST : level;
    return { me, left, keys: [...asked], level: most };
  }

  private filtered(reader: InboxReader, known: Known, query: InboxQuery): Rows {
    const rows = this.db.em.createQueryBuilder(ApprovalEntity, 'a').where(`a.status = 'pending'`);
    rows.setParameters(this.parameters(reader, known));
    if (query.for !== 'all') rows.andWhere(reader.level === null ? 'false' : MINE);
    for (const name of ['workflow_id', 'workflow_name', 'tool', 'gate_name'] as const)
      if (query[name] !== undefined) rows.andWhere(`a.${name} = :${name}`, { [name]: query[name] });
    const { min_level, max_level, older_than_minutes: older, expires_within_minutes: within, asked, claimed } = query;
    if (min_level !== undefined) rows.andWhere('a.privilege_level >= :min_level', { min_level });
    if (max_level !== undefined) rows.andWhere('a.privilege_level <= :max_level', { max_level });
    if (asked !== undefined) rows.andWhere('a.asked_key = any(:of::uuid[])', { of: [...asked] });
    if (older !== undefined) rows.andWhere('a.created_at <= now() - make_interval(mins => :older)', { older });
    if (within !== undefined) rows.andWhere('a.expires_at <= now() + make_interval(mins => :within)', { within });
    if (claimed !== undefined) rows.andWhere(CLAIMED[claimed]);
    if (query.execution_id !== undefined) rows.andWhere(inFamily(query.execution_id));
    return rows;
  }

  /** The far half of all pages is read from its end. */
  private async idsOf(rows: Rows, query: InboxQuery, total: number): Promise<{ ids: string[]; next: string | null }> {
    const { take, skip } = bounds(query);
    const { sort_by = 'created_at', cursor } = query;
    const order = direction(query);
    const by = sort_by === 'privilege_level' ? ['privilege_level', 'created_at', 'id'] : [sort_by, 'id'];
    rows.select('a.id', 'id').addSelect('a.privilege_level', 'level');
    rows.addSelect(microseconds(sort_by === 'expires_at' ? 'a.expires_at' : 'a.created_at'), 'at');
    const wanted = cursor === undefined ? Math.max(0, Math.min(take, total - skip)) : take;
    if (wanted === 0) return { ids: [], next: null };
    const fromEnd = cursor === undefined && skip > total - skip - wanted;
    const scanned = fromEnd === (order === 'ASC') ? 'DESC' : 'ASC';
    by.forEach((column) => rows.addOrderBy(`a.${column}`, scanned));
    if (cursor !== undefined) after(rows, sort_by, cursor, order);
    else rows.offset(fromEnd ? total - skip - wanted : skip);
    const found = await rows.limit(cursor === undefined ? wanted : take + 1).getRawMany<Cursor & { level: number }>();
    if (fromEnd) found.reverse();
    const page = found.slice(0, take);
    const more = cursor === undefined ? skip + page.length < total : found.length > take;
    const last = page.at(-1);
    return { ids: page.map(({ id }) => id), next: more && last ? cursorOf(sort_by, last) : null };
  }
}

/** The order that it continues, the last row's level where that sorts, and the row. */
const cursorOf = (sort_by: InboxSort, { level, at, id }: Cursor & { level: number }): string =>
  `${sort_by}.${sort_by === 'privilege_level' ? String(level) : ''}.${encodeCursor({ at, id })}`;

/** @throws ApiError VALIDATION_ERROR for a cursor of another order, or of nobody's making */
function after(rows: Rows, sort_by: InboxSort, cursor: string, order: 'ASC' | 'DESC'): void {
  const [sorted, level = '', rest = ''] = cursor.split('.');
  const isLevel = sort_by === 'privilege_level';
  if (sorted !== sort_by || !(isLevel ? /^[1-5]$/ : /^$/).test(level))
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not one of this order', {
      fields: [{ field: 'cursor', error: 'not of this order' }],
    });
  const { at, id } = decodeCursor(rest);
  const columns = isLevel ? '(a.privilege_level, a.created_at, a.id)' : `(a.${sort_by}, a.id)`;
  const values = isLevel ? '(:last::int, :at::timestamptz, :id::uuid)' : '(:at::timestamptz, :id::uuid)';
  rows.andWhere(`${columns} ${order === 'ASC' ? '>' : '<'} ${values}`, { at, id, last: Number(level) });
}
