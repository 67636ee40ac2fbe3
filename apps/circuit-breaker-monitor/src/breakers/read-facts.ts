import type { BreakerIsolation, BreakerKey } from '@aumos/agf-domain';
import { BreakerFactsRepository, IsolationsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ANOMALY_LIMITS } from './anomaly-limits.js';
import type { BreakerFacts } from './breaker.convert.js';

/** What PostgreSQL knows of a tenant's breakers beside their states. Needs an open tenant scope. */
@Injectable()
export class ReadFacts {
  constructor(
    private readonly facts: BreakerFactsRepository,
    private readonly isolations: IsolationsRepository,
  ) {}

  /** What few have: of all breakers. */
  async marks(): Promise<Omit<BreakerFacts, 'names'>> {
    const isolations = new Map<BreakerKey, BreakerIsolation>();
    for (const isolation of await this.isolations.inForce()) isolations.set(isolation.key, isolation);
    return { isolations, anomalies: await this.facts.anomalies(ANOMALY_LIMITS) };
  }

  async names(keys: readonly BreakerKey[]): Promise<Map<BreakerKey, string>> {
    return this.facts.names(keys);
  }

  /** Agents and workflows named so. */
  async named(text: string): Promise<Set<BreakerKey>> {
    return this.facts.named(text);
  }
}
