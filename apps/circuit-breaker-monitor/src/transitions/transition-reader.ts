import { type BreakerTransition, breakerTransitionsKey } from '@aumos/agf-domain';
import { BreakersRepository, TenantDb } from '@aumos/agf-persistence';
import { transitionOf } from '@aumos/agf-resilience';
import { Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RecordTransitions } from './record-transitions.js';
import { BEGINNING, isBefore } from './stream-id.js';

/** In one transaction: a tenant's history has one writer at a time, and none for long. */
const BATCH = 50;
type Entry = [id: string, fields: string[]];

/**
 * Reads tenants' streams of transitions. Entries of a tenant are recorded in their order, so the last one that is
 * recorded tells where a new process goes on; what is read twice is recorded once.
 */
@Injectable()
export class TransitionReader {
  private readonly log = new Logger(TransitionReader.name);
  private readonly places = new Map<string, string>();

  constructor(
    private readonly redis: Redis,
    private readonly record: RecordTransitions,
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
  ) {}

  /** What is there now, to its end. Not twice at once for a tenant. @returns how many entries there were */
  async drain(tenantId: string, stop: AbortSignal): Promise<number> {
    let total = 0;
    for (let read = BATCH; read === BATCH && !stop.aborted; total += read) read = await this.readBatch(tenantId);
    return total;
  }

  /** After a flush under a clock that stood further back a stream begins anew behind its place: it is read from its beginning. */
  async rewindIfOlder(tenantId: string): Promise<void> {
    const [last] = (await this.redis.xrevrange(breakerTransitionsKey(tenantId), '+', '-', 'COUNT', 1)) as Entry[];
    if (last && isBefore(last[0], await this.placeOf(tenantId))) this.places.set(tenantId, BEGINNING);
  }

  private async readBatch(tenantId: string): Promise<number> {
    const place = await this.placeOf(tenantId);
    const answer = await this.redis.xread('COUNT', BATCH, 'STREAMS', breakerTransitionsKey(tenantId), place);
    const entries = (answer?.[0]?.[1] ?? []) as Entry[];
    const last = entries.at(-1);
    if (last) await this.take(tenantId, entries);
    if (last) this.places.set(tenantId, last[0]);
    return entries.length;
  }

  private async placeOf(tenantId: string): Promise<string> {
    const known = this.places.get(tenantId);
    if (known !== undefined) return known;
    const place = (await this.db.run(tenantId, () => this.breakers.lastEntry())) ?? BEGINNING;
    this.places.set(tenantId, place);
    return place;
  }

  /** The place moves on only after the commit; what is no transition of this tenant is dropped aloud. */
  private async take(tenantId: string, entries: readonly Entry[]): Promise<void> {
    const transitions = entries.flatMap(([stream_id, fields]) => {
      const transition = read(fields);
      if (transition?.tenant_id === tenantId) return [{ ...transition, stream_id }];
      this.log.error({ msg: 'dropped what is no transition of this tenant', tenant_id: tenantId, stream_id });
      return [];
    });
    await this.record.run(tenantId, transitions);
  }
}

function read(fields: string[]): BreakerTransition | undefined {
  try {
    return transitionOf(fields);
  } catch {
    return undefined;
  }
}
