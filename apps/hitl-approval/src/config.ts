import {
  artifactStorageSettings,
  authSettings,
  databaseSettings,
  defineSettings,
  executionDefaults,
  kafkaSettings,
  redisSettings,
  relayDatabaseSettings,
  serviceSettings,
  type Settings,
  sweeperDatabaseSettings,
  temporalSettings,
  topicSettings,
  workerVersionSettings,
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
  ...workerVersionSettings,
  ...artifactStorageSettings,
  agentMaxPrivilegeLevel: executionDefaults.agentMaxPrivilegeLevel,
});
export type ApprovalSettings = Settings<typeof approvalSettings>;
