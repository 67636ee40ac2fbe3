import { Injectable } from '@nestjs/common';
import { IdempotencyKeyEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { getOne } from './find.js';
import { put } from './write.js';

export interface KeyClaim {
  /** what the key is for, e.g. `artifact` */
  scope: string;
  key: string;
  /** SHA-256 (hex) of the request's body */
  body_hash: string;
  /** what will be made for it */
  resource_id: string;
  /** default 24 h */
  ttl_seconds?: number;
}
export type Claimed = { kind: 'new' } | { kind: 'replay'; resource_id: string } | { kind: 'conflict' };

/** A key whose time is over is as good as new. */
const FREE = {
  key: ['scope', 'key'] as ('scope' | 'key')[],
  overwrite: ['body_hash', 'resource_id', 'expires_at'] as ('body_hash' | 'resource_id' | 'expires_at')[],
  where: 'agf_idempotency_keys.expires_at < clock_timestamp()',
};

/** `Idempotency-Key`s. ExecutionsRepository.accept claims its own. Every method needs an open tenant scope. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly db: TenantDb) {}

  /** Of two at once the second waits for the first one's commit, then replays. */
  async claim(claim: KeyClaim): Promise<Claimed> {
    const { ttl_seconds = 86_400, ...row } = claim;
    const expires_at = (): string => `clock_timestamp() + interval '${String(Math.trunc(ttl_seconds))} seconds'`;
    const fresh = await put(
      this.db.em,
      IdempotencyKeyEntity,
      { ...row, tenant_id: this.db.tenantId, expires_at },
      FREE,
    );
    if (fresh) return { kind: 'new' };
    const { scope, key } = row;
    const held = await getOne(this.db.em, IdempotencyKeyEntity, { scope, key });
    return held.body_hash === row.body_hash ? { kind: 'replay', resource_id: held.resource_id } : { kind: 'conflict' };
  }
}
