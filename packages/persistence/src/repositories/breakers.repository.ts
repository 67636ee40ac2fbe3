import { type BreakerKey } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { BreakerEntity, BreakerTransitionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, given } from './find.js';
import { type RecordedTransition, toState, toTransitionRow } from './breakers.mapping.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insertOnce, put } from './write.js';

/** The newest state by epoch, and by time within one: a transition read late changes nothing. */
const NEWER = {
  key: ['circuit_key' as const],
  overwrite: ['state', 'epoch', 'failure_count', 'reason', 'since'] as (keyof BreakerEntity)[],
  where: '(excluded.epoch, excluded.since) >= (agf_circuit_breakers.epoch, agf_circuit_breakers.since)',
};

/** The history of breakers as PostgreSQL keeps it; the state that counts is Redis'. Needs an open tenant scope. */
@Injectable()
export class BreakersRepository {
  constructor(private readonly db: TenantDb) {}

  /** @returns false when the stream's entry was recorded before: whoever records it writes the event */
  async recordTransition(transition: RecordedTransition): Promise<boolean> {
    const row = toTransitionRow(transition, this.db.tenantId);
    if (!(await insertOnce(this.db.em, BreakerTransitionEntity, row))) return false;
    await put(this.db.em, BreakerEntity, toState(transition, this.db.tenantId), NEWER);
    return true;
  }

  async get(key: BreakerKey): Promise<BreakerEntity | null> {
    return findOne(this.db.em, BreakerEntity, { circuit_key: key });
  }

  async list(query: PageQuery & { state?: BreakerEntity['state'] } = {}): Promise<Page<BreakerEntity>> {
    return findPage(this.db.em, BreakerEntity, given({ state: query.state }), { circuit_key: 'ASC' }, query);
  }

  /** Newest first. */
  async history(key: BreakerKey, query: PageQuery = {}): Promise<Page<BreakerTransitionEntity>> {
    return findPage(
      this.db.em,
      BreakerTransitionEntity,
      { circuit_key: key },
      { at: direction(query), id: direction(query) },
      query,
    );
  }
}
