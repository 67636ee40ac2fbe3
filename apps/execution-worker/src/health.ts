import { AppRelay } from '@aumos/agf-events';
import { ArtifactContents, pingDatabase } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck } from '@aumos/agf-platform';
import { BreakerGuard, guardCheck } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';

/** What the worker needs to take work: PostgreSQL and Temporal. Redis and Kafka being away degrades it. */
@Injectable()
export class WorkerHealth {
  constructor(
    health: HealthRegistry,
    dataSource: DataSource,
    redis: Redis,
    guard: BreakerGuard,
    relay: AppRelay,
    contents: ArtifactContents,
  ) {
    health.add(healthCheck('postgres', () => pingDatabase(dataSource)));
    health.add(healthCheck('redis', () => redis.ping(), { needed: false }));
    for (const each of contents.all)
      if (each.storage !== 'postgres') health.add(healthCheck(each.storage, () => each.check(), { needed: false }));
    health.add(healthCheck('relay', async () => relay.check(), { needed: false }));
    health.add(guardCheck(guard));
  }
}
