import { ArtifactContents, pingDatabase } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck } from '@aumos/agf-platform';
import { BreakerGuard, guardCheck } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';

/** Starts are accepted with PostgreSQL alone: without Redis breakers are in-process and hints are left to the sweep. */
@Injectable()
export class GatewayHealth {
  constructor(
    health: HealthRegistry,
    dataSource: DataSource,
    redis: Redis,
    guard: BreakerGuard,
    contents: ArtifactContents,
  ) {
    health.add(healthCheck('postgres', () => pingDatabase(dataSource)));
    health.add(healthCheck('redis', () => redis.ping(), { needed: false }));
    health.add(guardCheck(guard));
    for (const each of contents.all)
      if (each.storage !== 'postgres') health.add(healthCheck(each.storage, () => each.check(), { needed: false }));
  }
}
