import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { ArtifactEntity, PayloadEntity } from '../entities/index.js';

/** Rows of one statement: short locks, and whoever stops in between loses little. */
const BATCH = 5_000;

/** What is over is the policies' to say: the role sees nothing else. */
const deleteBatch = (table: string, of = 'true'): string =>
  `delete from ${table} where (tenant_id, id) in (
    select tenant_id, id from ${table} where ${of} limit ${String(BATCH)})`;
const KEYS = deleteBatch('agf_idempotency_keys');
const INBOX = deleteBatch('agf_inbox');
const STATISTICS = deleteBatch('agf_call_statistics');
const STATISTICS_DAYS = `select set_config('app.statistics_retention_days', $1, true)`;
const NOTICES = deleteBatch('agf_hitl_notices', 'sent_at is not null');
const LINKS = deleteBatch(
  'agf_hitl_links',
  `expires_at < transaction_timestamp() - make_interval(days =>
    greatest(32, current_setting('app.notices_retention_days')::int))`,
);
const DELIVERIES = deleteBatch('agf_hitl_deliveries', `status <> 'pending'`);
const NOTICES_DAYS = `select set_config('app.notices_retention_days', $1, true)`;
const CHANGES = deleteBatch('agf_hitl_approval_changes');
const CHANGES_DAYS = `select set_config('app.approval_changes_retention_days', $1, true)`;
const INBOX_DAYS = `select set_config('app.inbox_retention_days', $1, true)`;

/**
 * What is too old, of all tenants. Takes a data source of the role `agf_sweeper`, which can delete these rows and no
 * others. Any number at once do no harm.
 */
@Injectable()
export class RetentionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns how many idempotency keys went */
  async deleteExpiredKeys(signal?: AbortSignal): Promise<number> {
    return this.inBatches((em) => deleted(em, KEYS), signal);
  }

  /** Events handled longer ago; the database keeps at least 8 days. @returns how many */
  async deleteHandledEvents(olderThanDays: number, signal?: AbortSignal): Promise<number> {
    return this.inBatches(async (em) => {
      await em.query(INBOX_DAYS, [olderThanDays]);
      return deleted(em, INBOX);
    }, signal);
  }

  /** Hours longer ago; the database keeps at least 32 days. @returns how many rows */
  async deleteOldStatistics(olderThanDays: number, signal?: AbortSignal): Promise<number> {
    return this.inBatches(async (em) => {
      await em.query(STATISTICS_DAYS, [olderThanDays]);
      return deleted(em, STATISTICS);
    }, signal);
  }

  /**
   * Notices that were handed on longer ago, links that could be used until then, and deliveries that ended then and have
   * no link any more; the database keeps at least 32 days. @returns how many rows
   */
  async deleteOldNotices(olderThanDays: number, signal?: AbortSignal): Promise<number> {
    let total = 0;
    for (const statement of [NOTICES, LINKS, DELIVERIES])
      total += await this.inBatches(async (em) => {
        await em.query(NOTICES_DAYS, [olderThanDays]);
        return deleted(em, statement);
      }, signal);
    return total;
  }

  /** That approvals changed longer ago; the database keeps at least 8 days. @returns how many */
  async deleteOldApprovalChanges(olderThanDays: number, signal?: AbortSignal): Promise<number> {
    return this.inBatches(async (em) => {
      await em.query(CHANGES_DAYS, [olderThanDays]);
      return deleted(em, CHANGES);
    }, signal);
  }

  /** Uploads and deletions that stopped before `before`, oldest first. */
  async incompleteArtifacts(before: Date, limit = 1000): Promise<{ tenant_id: string; id: string }[]> {
    return this.dataSource.getRepository(ArtifactEntity).find({
      select: { tenant_id: true, id: true },
      where: { complete: false, updated_at: LessThan(before) },
      order: { updated_at: 'ASC' },
      take: limit,
    });
  }

  /** That no history names any more. */
  async expiredPayloads(limit = 1000): Promise<{ tenant_id: string; id: string }[]> {
    return this.dataSource.getRepository(PayloadEntity).find({ select: { tenant_id: true, id: true }, take: limit });
  }

  private async inBatches(batch: (em: EntityManager) => Promise<number>, signal?: AbortSignal): Promise<number> {
    let total = 0;
    for (let last = BATCH; last === BATCH && !signal?.aborted; total += last)
      last = await this.dataSource.transaction(batch);
    return total;
  }
}

async function deleted(em: EntityManager, statement: string): Promise<number> {
  // The driver gives rows and their number for a DELETE.
  const [, count] = await em.query<[unknown[], number]>(statement);
  return count;
}
