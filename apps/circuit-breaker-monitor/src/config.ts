import {
  authSettings,
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
});
export type MonitorSettings = Settings<typeof monitorSettings>;
