import {
  authSettings,
  databaseSettings,
  defineSettings,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
  serviceSettings,
  type Settings,
  sweeperDatabaseSettings,
  temporalSettings,
  topicSettings,
} from '@aumos/agf-platform';

export const approvalSettings = defineSettings({
  ...serviceSettings,
  ...authSettings,
  ...databaseSettings,
  ...relayDatabaseSettings,
  ...sweeperDatabaseSettings,
  ...redisSettings,
  ...kafkaSettings,
  ...topicSettings,
  ...temporalSettings,
});
export type ApprovalSettings = Settings<typeof approvalSettings>;
