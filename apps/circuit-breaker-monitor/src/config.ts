import {
  authSettings,
  breakerDefaults,
  databaseSettings,
  defineSettings,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
  serviceSettings,
  type Settings,
  topicSettings,
} from '@aumos/agf-platform';

export const monitorSettings = defineSettings({
  ...serviceSettings,
  ...authSettings,
  ...databaseSettings,
  ...relayDatabaseSettings,
  ...redisSettings,
  ...kafkaSettings,
  ...topicSettings,
  ...breakerDefaults,
});
export type MonitorSettings = Settings<typeof monitorSettings>;
