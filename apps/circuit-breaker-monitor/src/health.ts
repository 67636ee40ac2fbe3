import { AppRelay } from '@aumos/agf-events';
import { pingDatabase } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { WatchBreakers } from './transitions/watch-breakers.js';

/** The monitor answers from Redis and PostgreSQL; without Kafka its events wait in the outbox. */
@Injectable()
export class MonitorHealth {
  constructor(health: HealthRegistry, dataSource: DataSource, redis: Redis, relay: AppRelay, watch: WatchBreakers) {
    health.add(healthCheck('postgres', () => pingDatabase(dataSource)));
    health.add(healthCheck('redis', () => redis.ping()));
    health.add(healthCheck('transitions', async () => watch.check(), { needed: false }));
    health.add(healthCheck('relay', async () => relay.check(), { needed: false }));
  }
}
