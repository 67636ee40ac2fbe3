import { EventsModule } from '@aumos/agf-events';
import { PersistenceModule } from '@aumos/agf-persistence';
import { RedisModule } from '@aumos/agf-resilience';
import { type DynamicModule, Module } from '@nestjs/common';
import { BlastRadiusController } from './blast-radius/blast-radius.controller.js';
import { BreakerBlastRadius } from './blast-radius/breaker-blast-radius.js';
import { BreakersController } from './breakers/breakers.controller.js';
import { FindBreaker } from './breakers/find-breaker.js';
import { GetBreaker } from './breakers/get-breaker.js';
import { ListBreakers } from './breakers/list-breakers.js';
import { ReadFacts } from './breakers/read-facts.js';
import { ReadHistory } from './breakers/read-history.js';
import { ReadStates } from './breakers/read-states.js';
import type { MonitorSettings } from './config.js';
import { AgentEventsController } from './consumers/agent-events.controller.js';
import { WorkflowEventsController } from './consumers/workflow-events.controller.js';
import { CompleteDrills } from './drills/complete-drills.js';
import { DrillsController } from './drills/drills.controller.js';
import { ReadDrills } from './drills/read-drills.js';
import { StartDrill } from './drills/start-drill.js';
import { WatchDrills } from './drills/watch-drills.js';
import { MonitorHealth } from './health.js';
import { ManageSettings } from './settings/manage-settings.js';
import { SettingsController } from './settings/settings.controller.js';
import { BreakerSubject } from './isolation/breaker-subject.js';
import { EnforceIsolation } from './isolation/enforce-isolation.js';
import { EnforceIsolations } from './isolation/enforce-isolations.js';
import { IsolateBreaker } from './isolation/isolate-breaker.js';
import { IsolationController } from './isolation/isolation.controller.js';
import { ReleaseBreaker } from './isolation/release-breaker.js';
import { MonitorGauges } from './metrics/monitor-gauges.js';
import { MonitorMetrics } from './metrics/monitor-metrics.js';
import { RescanTenant } from './rescan/rescan-tenant.js';
import { CountCall } from './statistics/count-call.js';
import { ReadStatistics } from './statistics/read-statistics.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { FollowHistory } from './stream/follow-history.js';
import { StreamController } from './stream/stream.controller.js';
import { HistoryBell } from './transitions/history-bell.js';
import { KnownTenants } from './transitions/known-tenants.js';
import { RecordTransitions } from './transitions/record-transitions.js';
import { TransitionReader } from './transitions/transition-reader.js';
import { WatchBreakers } from './transitions/watch-breakers.js';

export const NAME = 'circuit-breaker-monitor';

/** What turns transitions into history, and repairs. */
const WATCHING = [
  MonitorMetrics,
  MonitorGauges,
  HistoryBell,
  KnownTenants,
  RecordTransitions,
  TransitionReader,
  RescanTenant,
  WatchBreakers,
];
const READING = [FindBreaker, GetBreaker, ListBreakers, ReadFacts, ReadHistory, ReadStates];
const ISOLATION = [BreakerSubject, EnforceIsolation, EnforceIsolations, IsolateBreaker, ReleaseBreaker];
const DRILLS = [StartDrill, ReadDrills, CompleteDrills, WatchDrills];

@Module({})
export class MonitorModule {
  static with(settings: MonitorSettings): DynamicModule {
    return {
      module: MonitorModule,
      imports: [
        RedisModule.for({ url: settings.redisUrl, clientName: NAME }),
        PersistenceModule.for({
          databaseUrl: settings.databaseUrl,
          sweeperDatabaseUrl: settings.sweeperDatabaseUrl,
          applicationName: NAME,
        }),
        EventsModule.for({
          relayDatabaseUrl: settings.relayDatabaseUrl,
          brokers: [...settings.kafkaBrokers],
          topicPrefix: settings.kafkaTopicPrefix,
          replicationFactor: settings.kafkaReplicationFactor,
          clientId: NAME,
        }),
      ],
      controllers: [
        DrillsController,
        SettingsController,
        BreakersController,
        StreamController,
        IsolationController,
        BlastRadiusController,
        StatisticsController,
        WorkflowEventsController,
        AgentEventsController,
      ],
      providers: [
        ...WATCHING,
        ...READING,
        ...ISOLATION,
        ...DRILLS,
        BreakerBlastRadius,
        ManageSettings,
        FollowHistory,
        CountCall,
        ReadStatistics,
        MonitorHealth,
      ],
    };
  }
}
