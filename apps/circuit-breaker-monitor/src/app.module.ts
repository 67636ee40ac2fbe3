import { EventsModule } from '@aumos/agf-events';
import { PersistenceModule } from '@aumos/agf-persistence';
import { RedisModule } from '@aumos/agf-resilience';
import { type DynamicModule, Module } from '@nestjs/common';
import { BlastRadiusController } from './blast-radius/blast-radius.controller.js';
import { BreakerBlastRadius } from './blast-radius/breaker-blast-radius.js';
import { BreakersController } from './breakers/breakers.controller.js';
import { GetBreaker } from './breakers/get-breaker.js';
import { ListBreakers } from './breakers/list-breakers.js';
import { ReadStates } from './breakers/read-states.js';
import type { MonitorSettings } from './config.js';
import { WorkflowOutcomesController } from './consumers/workflow-outcomes.controller.js';
import { MonitorHealth } from './health.js';
import { RecordTransition } from './transitions/record-transition.js';
import { TransitionReader } from './transitions/transition-reader.js';

export const NAME = 'circuit-breaker-monitor';

@Module({})
export class MonitorModule {
  static with(settings: MonitorSettings): DynamicModule {
    return {
      module: MonitorModule,
      imports: [
        RedisModule.for({ url: settings.redisUrl, clientName: NAME }),
        PersistenceModule.for({ databaseUrl: settings.databaseUrl, applicationName: NAME }),
        EventsModule.for({
          relayDatabaseUrl: settings.relayDatabaseUrl,
          brokers: [...settings.kafkaBrokers],
          topicPrefix: settings.kafkaTopicPrefix,
          replicationFactor: settings.kafkaReplicationFactor,
          clientId: NAME,
        }),
      ],
      controllers: [BreakersController, BlastRadiusController, WorkflowOutcomesController],
      providers: [
        BreakerBlastRadius,
        ListBreakers,
        GetBreaker,
        ReadStates,
        RecordTransition,
        TransitionReader,
        MonitorHealth,
      ],
    };
  }
}
