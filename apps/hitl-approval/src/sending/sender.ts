import { DueDeliveriesRepository, type DueDelivery } from '@aumos/agf-persistence';
import { Rounds } from '@aumos/agf-platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ExpandNotices } from './expand-notices.js';
import { SendDelivery } from './send-delivery.js';

const EVERY_MS = 1_000;
/** Longer than the longest attempt: of a sender that died, what it had claimed is sent by another one then. */
const LEASE_SECONDS = 120;
const MOST_AT_ONCE = 64;
/** Of one tenant at once, about: slow receivers of one do not hold up the others. */
const MOST_OF_A_TENANT = 8;

/** Hands notices to channels and sends what is due, of all tenants; any number of senders share it. */
@Injectable()
export class Sender implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Sender.name);
  private readonly underWay = new Map<string, { tenant_id: string; done: Promise<void> }>();
  private readonly rounds = new Rounds(() => this.once(), {
    everyMs: EVERY_MS,
    firstAfterMs: 0,
    // When one of those under way is done, more may be due.
    until: () => Promise.race([...this.underWay.values()].map(({ done }) => done)),
    failed: (err) => this.log.warn({ err, msg: 'nothing could be sent' }),
  });

  constructor(
    private readonly due: DueDeliveriesRepository,
    private readonly expand: ExpandNotices,
    private readonly send: SendDelivery,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  /** Waits for what is under way. */
  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
    await Promise.all([...this.underWay.values()].map(({ done }) => done));
  }

  private async once(): Promise<void> {
    for (const tenantId of await this.due.tenantsToTell())
      await this.expand
        .run(tenantId)
        .catch((err: unknown) => this.log.warn({ err, msg: 'notices are not handed on yet', tenant_id: tenantId }));
    const limit = MOST_AT_ONCE - this.underWay.size;
    if (limit <= 0) return;
    const claimed = await this.due.claim({
      ...{ limit, perTenant: MOST_OF_A_TENANT, leaseSeconds: LEASE_SECONDS },
      but: this.busyTenants(),
    });
    for (const one of claimed) this.begin(one);
  }

  private begin(one: DueDelivery): void {
    const key = `${one.tenant_id} ${one.id} ${String(one.claims)}`;
    const done = this.send
      .run(one)
      // Its lease brings it back.
      .catch((err: unknown) => this.log.warn({ err, msg: 'a delivery came to nothing', delivery_id: one.id }))
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, { tenant_id: one.tenant_id, done });
  }

  /** Those that have as many under way as they may. */
  private busyTenants(): string[] {
    const counts = new Map<string, number>();
    for (const { tenant_id } of this.underWay.values()) counts.set(tenant_id, (counts.get(tenant_id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= MOST_OF_A_TENANT).map(([tenant]) => tenant);
  }
}
