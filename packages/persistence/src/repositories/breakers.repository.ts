import { type BreakerKey, type BreakerState } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { Any, MoreThan, Not } from 'typeorm';
import { BreakerEntity, BreakerTransitionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { lossOf, type RecordedReason, type RecordedTransition, toState, toTransitionRow } from './breakers.mapping.js';
import { findOne, findPage, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insert, put } from './write.js';

/** One writer of a tenant's history at a time: positions are given in the order of commits, and losses are seen once. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('agf-breaker-history/' || $1, 0))`;
const NEXT_POSITION = `(select coalesce(max(position), 0) + 1 from agf_circuit_breaker_transitions
  where tenant_id = nullif(current_setting('app.current_tenant', true), '')::uuid)`;
/** An entry of a stream, not what a rescan wrote. */
const LAST_ENTRY = `select stream_id from agf_circuit_breaker_transitions where stream_id ~ '^[0-9]+-[0-9]+$'
  order by position desc limit 1`;

const OVERWRITTEN: (keyof BreakerEntity)[] = [
  'state',
  'epoch',
  'failure_count',
  'reason',
  'since',
  'until',
  'unclosed_since',
  'reset_ms',
];

/** The history of breakers as PostgreSQL keeps it; the state that counts is Redis'. Needs an open tenant scope. */
@Injectable()
export class BreakersRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * Writes a transition that is not written yet. One that does not begin where the breaker was known to be tells of a
   * loss, which is written before it. One older than what is known changes no state.
   * @returns what was written, in its order; empty when the transition was there: who writes it publishes the event
   */
  async recordTransition(transition: RecordedTransition): Promise<RecordedTransition[]> {
    await this.lock();
    if (await this.isRecorded(transition)) return [];
    const known = await this.get(transition.key);
    const isNews = !known || transition.epoch >= known.epoch;
    const lost = known && isNews && known.state !== transition.from;
    const written = [...(lost ? [lossOf(known, transition.from, transition.at)] : []), transition];
    for (const each of written) await this.write(each, isNews ? known : undefined);
    return written;
  }

  /**
   * Writes that Redis does not know the state any more which the breaker entered with `epoch`.
   * @returns what was written: nothing when it has changed since, or this was told before
   */
  async recordLoss(key: BreakerKey, epoch: number, to: BreakerState, at: string): Promise<RecordedTransition[]> {
    await this.lock();
    const known = await this.get(key);
    if (known?.epoch !== epoch || known.state === to) return [];
    const loss = lossOf(known, to, at);
    if (await this.isRecorded(loss)) return [];
    await this.write(loss, known);
    return [loss];
  }

  async get(key: BreakerKey): Promise<BreakerEntity | null> {
    return findOne(this.db.em, BreakerEntity, { circuit_key: key });
  }

  async list(query: PageQuery & { state?: BreakerEntity['state'] } = {}): Promise<Page<BreakerEntity>> {
    return findPage(this.db.em, BreakerEntity, given({ state: query.state }), { circuit_key: 'ASC' }, query);
  }

  /** The state of each, and of which epoch it is. */
  async states(): Promise<Map<BreakerKey, Pick<BreakerEntity, 'state' | 'epoch'>>> {
    const rows = await this.db.em.find(BreakerEntity, { select: { circuit_key: true, state: true, epoch: true } });
    return new Map(rows.map(({ circuit_key, state, epoch }) => [circuit_key, { state, epoch }]));
  }

  /** Those of these that have a history. */
  async known(keys: readonly BreakerKey[]): Promise<Map<BreakerKey, BreakerEntity>> {
    const rows = await this.db.em.findBy(BreakerEntity, { circuit_key: Any([...keys]) });
    return new Map(rows.map((row) => [row.circuit_key, row]));
  }

  /** Newest first. */
  async history(key: BreakerKey, query: PageQuery = {}): Promise<Page<BreakerTransitionEntity>> {
    return findPage(this.db.em, BreakerTransitionEntity, { circuit_key: key }, { position: direction(query) }, query);
  }

  /** Of all breakers, after a position, in their order. */
  async historyAfter(position: number, most: number): Promise<BreakerTransitionEntity[]> {
    return this.db.em.find(BreakerTransitionEntity, {
      where: { position: MoreThan(position) },
      order: { position: 'ASC' },
      take: most,
    });
  }

  /** The last one's; 0 where there is none. */
  async lastPosition(): Promise<number> {
    return (await this.db.em.maximum(BreakerTransitionEntity, 'position')) ?? 0;
  }

  /** The entry of the stream that was recorded last: whoever reads on from there misses nothing. */
  async lastEntry(): Promise<string | null> {
    const [row] = await this.db.em.query<{ stream_id: string }[]>(LAST_ENTRY);
    return row?.stream_id ?? null;
  }

  private async lock(): Promise<void> {
    await this.db.em.query(LOCK, [this.db.tenantId]);
  }

  private async isRecorded({ key, epoch, reason }: RecordedTransition): Promise<boolean> {
    const told = reason === 'store_lost' ? reason : Not<RecordedReason>('store_lost');
    return this.db.em.existsBy(BreakerTransitionEntity, { circuit_key: key, epoch, reason: told });
  }

  /** @param known what the state is overwritten of; undefined: it stays */
  private async write(transition: RecordedTransition, known: BreakerEntity | null | undefined): Promise<void> {
    const { em, tenantId } = this.db;
    await insert(em, BreakerTransitionEntity, {
      ...toTransitionRow(transition, tenantId),
      position: () => NEXT_POSITION,
    });
    if (known === undefined) return;
    const state = toState(transition, tenantId, known);
    await put(em, BreakerEntity, state, { key: ['circuit_key'], overwrite: OVERWRITTEN });
  }
}
