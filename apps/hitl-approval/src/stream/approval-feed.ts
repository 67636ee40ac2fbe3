import { ApiError } from '@aumos/agf-domain';
import { ApprovalChangesRepository, TenantDb } from '@aumos/agf-persistence';
import { Bell, Rounds, SETTINGS, type Wake } from '@aumos/agf-platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';

const EVERY_MS = 500;

/** A follower's place at its tenant's feed. */
export interface Place extends Wake {
  /** position of the last change that this process knows of */
  last(): number;
}

interface Followed {
  followers: number;
  last: number;
}

/**
 * How far the changes of approvals have come, of each tenant that somebody follows here: looked for once a tenant,
 * however many follow it.
 */
@Injectable()
export class ApprovalFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ApprovalFeed.name);
  private readonly bell = new Bell();
  private readonly followed = new Map<string, Followed>();
  private readonly rounds = new Rounds((signal) => this.look(signal), {
    everyMs: EVERY_MS,
    failed: (err) => this.log.warn({ err, msg: 'changes of approvals are not looked for' }),
  });

  constructor(
    private readonly db: TenantDb,
    private readonly changes: ApprovalChangesRepository,
    @Inject(SETTINGS) private readonly settings: Pick<ApprovalSettings, 'approvalStreamsPerTenant'>,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Until `signal` is aborted. @throws ApiError RATE_LIMIT_EXCEEDED where as many as may follow the tenant here */
  join(tenantId: string, signal: AbortSignal): Place {
    const here = this.followed.get(tenantId) ?? { followers: 0, last: 0 };
    if (here.followers >= this.settings.approvalStreamsPerTenant)
      throw new ApiError('RATE_LIMIT_EXCEEDED', 'As many as may follow the approvals of this tenant.', {
        retry_after_seconds: 5,
      });
    here.followers++;
    this.followed.set(tenantId, here);
    const wake = this.bell.listen(tenantId, signal);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      wake.close();
      here.followers--;
      if (here.followers === 0) this.followed.delete(tenantId);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    return { wait: (ms) => wake.wait(ms), last: () => here.last, close: leave };
  }

  /** Up to the present. @returns position of the last change */
  async present(tenantId: string, signal: AbortSignal): Promise<number> {
    for (;;) {
      const { last, more } = await this.db.run(tenantId, () => this.changes.place());
      const here = this.followed.get(tenantId);
      if (here && here.last < last) {
        here.last = last;
        this.bell.ring(tenantId);
      }
      if (!more || signal.aborted) return last;
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    for (const tenant_id of [...this.followed.keys()])
      if (!signal.aborted)
        await this.present(tenant_id, signal).catch((err: unknown) =>
          this.log.warn({ err, msg: 'changes of approvals are not seen yet', tenant_id }),
        );
  }
}
