import { AppRelay } from '@aumos/agf-events';
import { ArtifactStore, PayloadStore, RetentionRepository } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';

const DAY_MS = 86_400_000;

/** How many of each went; null where it failed. */
export interface Removed {
  idempotency_keys: number | null;
  inbox: number | null;
  outbox: number | null;
  statistics: number | null;
  notices: number | null;
  approval_changes: number | null;
  incomplete_artifacts: number | null;
  payloads: number | null;
}

/**
 * Removes what is too old, of all tenants, once. Here and not where it was written: the role that looks across tenants
 * is kept away from the app that faces the public. Again, or several at once: nothing more happens.
 */
@Injectable()
export class RemoveOld {
  private readonly log = new Logger(RemoveOld.name);

  constructor(
    private readonly retention: RetentionRepository,
    private readonly artifacts: ArtifactStore,
    private readonly payloads: PayloadStore,
    private readonly relay: AppRelay,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {}

  async run(signal: AbortSignal, now: Date): Promise<Removed> {
    const { retentionDaysInbox, retentionDaysOutbox, retentionDaysStatistics } = this.settings;
    const { retentionDaysNotices, retentionDaysApprovalChanges } = this.settings;
    return {
      idempotency_keys: await this.part('idempotency keys', () => this.retention.deleteExpiredKeys(signal)),
      inbox: await this.part('inbox', () => this.retention.deleteHandledEvents(retentionDaysInbox, signal)),
      outbox: await this.part('outbox', () => this.relay.deletePublished(retentionDaysOutbox)),
      statistics: await this.part('statistics', () =>
        this.retention.deleteOldStatistics(retentionDaysStatistics, signal),
      ),
      notices: await this.part('notices', () => this.retention.deleteOldNotices(retentionDaysNotices, signal)),
      approval_changes: await this.part('changes of approvals', () =>
        this.retention.deleteOldApprovalChanges(retentionDaysApprovalChanges, signal),
      ),
      incomplete_artifacts: await this.part('incomplete artifacts', () => this.incompleteArtifacts(signal, now)),
      payloads: await this.part('payloads', () => this.expiredPayloads(signal)),
    };
  }

  private async incompleteArtifacts(signal: AbortSignal, now: Date): Promise<number> {
    const before = new Date(now.getTime() - this.settings.retentionDaysIncompleteArtifacts * DAY_MS);
    const found = await this.retention.incompleteArtifacts(before);
    return this.each(
      found,
      'incomplete artifact',
      ({ tenant_id, id }) => this.artifacts.removeIncomplete(tenant_id, id),
      signal,
    );
  }

  private async expiredPayloads(signal: AbortSignal): Promise<number> {
    const found = await this.retention.expiredPayloads();
    return this.each(found, 'payload', ({ tenant_id, id }) => this.payloads.remove(tenant_id, id), signal);
  }

  /** One whose storage does not answer must not keep the others. @returns how many went */
  private async each(
    found: readonly { tenant_id: string; id: string }[],
    what: string,
    remove: (row: { tenant_id: string; id: string }) => Promise<void>,
    signal: AbortSignal,
  ): Promise<number> {
    let removed = 0;
    for (const row of found) {
      if (signal.aborted) break;
      const gone = await this.part(what, () => remove(row).then(() => true), row.id);
      if (gone) removed++;
    }
    return removed;
  }

  private async part<T>(what: string, work: () => Promise<T>, id?: string): Promise<T | null> {
    try {
      return await work();
    } catch (err) {
      this.log.warn({ err, msg: 'what is too old could not be removed', what, id });
      return null;
    }
  }
}
