import { AppRelay } from '@aumos/agf-events';
import { pingDatabase } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';

/** Decisions need PostgreSQL alone. Without Temporal, Redis or Kafka they are taken all the same, and told later. */
@Injectable()
export class ApprovalHealth {
  constructor(health: HealthRegistry, dataSource: DataSource, redis: Redis, relay: AppRelay) {
    health.add(healthCheck('postgres', () => pingDatabase(dataSource)));
    health.add(healthCheck('redis', () => redis.ping(), { needed: false }));
    health.add(healthCheck('relay', async () => relay.check(), { needed: false }));
  }
}
