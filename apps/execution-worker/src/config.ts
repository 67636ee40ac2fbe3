import {
  artifactStorageSettings,
  breakerDefaults,
  databaseSettings,
  defineSettings,
  executionDefaults,
  hitlDefaults,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
  secretsSettings,
  serviceSettings,
  type Settings,
  sweeperDatabaseSettings,
  temporalSettings,
  topicSettings,
} from '@aumos/agf-platform';

export const workerSettings = defineSettings({
  ...serviceSettings,
  ...databaseSettings,
  ...relayDatabaseSettings,
  ...sweeperDatabaseSettings,
  ...redisSettings,
  ...kafkaSettings,
  ...topicSettings,
  ...temporalSettings,
  ...secretsSettings,
  ...artifactStorageSettings,
  ...executionDefaults,
  ...breakerDefaults,
  ...hitlDefaults,
});
export type WorkerSettings = Settings<typeof workerSettings>;
