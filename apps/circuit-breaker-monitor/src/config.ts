import {
  authSettings,
  breakerDefaults,
  databaseSettings,
  defineSettings,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
  sandboxSettings,
  serviceSettings,
  sweeperDatabaseSettings,
  type Settings,
  topicSettings,
} from '@aumos/agf-platform';

export const monitorSettings = defineSettings({
  ...serviceSettings,
  ...authSettings,
  ...databaseSettings,
  ...relayDatabaseSettings,
  ...sweeperDatabaseSettings,
  ...redisSettings,
  ...kafkaSettings,
  ...topicSettings,
  ...breakerDefaults,
  ...sandboxSettings,
});
export type MonitorSettings = Settings<typeof monitorSettings>;
