import { type DeliveryAttempt, type DeliveryStatus } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { DeliveryEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { change, insertOnce, type Values } from './write.js';

export interface DeliveriesQuery extends PageQuery {
  status?: DeliveryStatus;
  channel_id?: string;
  approval_id?: string;
}
export type NewDelivery = Pick<DeliveryEntity, 'id' | 'channel_id' | 'notice_id' | 'approval_id' | 'kind' | 'message'>;
/** A delivery as its claimer knows it. */
export interface ClaimedDelivery {
  id: string;
  claims: number;
}

/** Of each delivery so many attempts are shown. */
const KEPT = 50;
const MINE = `status = 'pending' and claims = :claims`;
const ATTEMPTED = `(select coalesce(jsonb_agg(one order by nth), '[]') from (
  select one, nth from jsonb_array_elements(attempts || cast(:attempt as jsonb)) with ordinality as all_of_them (one, nth)
  order by nth desc limit ${String(KEPT)}) as last_of_them)`;

/** What is sent by a tenant's channels. Every method needs an open tenant scope. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Due at once. @returns false when this channel has the notice already */
  async add(delivery: NewDelivery): Promise<boolean> {
    return insertOnce(this.db.em, DeliveryEntity, { ...delivery, tenant_id: this.db.tenantId });
  }

  async get(id: string): Promise<DeliveryEntity | null> {
    return findOne(this.db.em, DeliveryEntity, { id });
  }

  /** Newest first, unless asked otherwise. */
  async list(query: DeliveriesQuery = {}): Promise<Page<DeliveryEntity>> {
    const { status, channel_id, approval_id } = query;
    const order = direction(query);
    const where = given({ status, channel_id, approval_id });
    return findPage(this.db.em, DeliveryEntity, where, { created_at: order, id: order }, query);
  }

  /** @returns false when it is not this claim's any more; so with the next two */
  async delivered(claimed: ClaimedDelivery, attempt: DeliveryAttempt): Promise<boolean> {
    return this.settle(claimed, attempt, { status: 'delivered', delivered_at: () => 'clock_timestamp()' });
  }

  /** It is sent again in `seconds`. */
  async failed(claimed: ClaimedDelivery, attempt: DeliveryAttempt, seconds: number): Promise<boolean> {
    const next_at = (): string => `clock_timestamp() + make_interval(secs => ${String(seconds)})`;
    return this.settle(claimed, attempt, { next_at, failures: () => 'failures + 1' });
  }

  /** It is not sent again, unless somebody asks for it. */
  async dead(claimed: ClaimedDelivery, attempt: DeliveryAttempt): Promise<boolean> {
    return this.settle(claimed, attempt, { status: 'dead', failures: () => 'failures + 1' });
  }

  /** Sent again, with as many attempts as a new one, whatever became of it. @returns false while it is under way */
  async replay(id: string): Promise<boolean> {
    const now = (): string => 'clock_timestamp()';
    const set: Values<DeliveryEntity> = { status: 'pending', failures: 0, delivered_at: null };
    return change(this.db.em, DeliveryEntity, id, { ...set, next_at: now, replayed_at: now }, `status <> 'pending'`);
  }

  private async settle(
    { id, claims }: ClaimedDelivery,
    attempt: DeliveryAttempt,
    set: Values<DeliveryEntity>,
  ): Promise<boolean> {
    const all = { ...set, attempts: () => ATTEMPTED };
    return change(this.db.em, DeliveryEntity, id, all, MINE, { claims, attempt: JSON.stringify([attempt]) });
  }
}
