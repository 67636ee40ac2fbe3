import {
  authSettings,
  databaseSettings,
  defineSettings,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
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
});
export type MonitorSettings = Settings<typeof monitorSettings>;
