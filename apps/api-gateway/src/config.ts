import {
  artifactSettings,
  artifactStorageSettings,
  authSettings,
  breakerDefaults,
  databaseSettings,
  defineSettings,
  executionDefaults,
  outgoingSettings,
  redisSettings,
  routesSettings,
  secretsSettings,
  serviceSettings,
  sessionDefaults,
  type Settings,
} from '@aumos/agf-platform';

export const gatewaySettings = defineSettings({
  ...serviceSettings,
  ...authSettings,
  ...databaseSettings,
  ...redisSettings,
  ...routesSettings,
  ...artifactSettings,
  ...artifactStorageSettings,
  ...secretsSettings,
  ...executionDefaults,
  ...breakerDefaults,
  ...sessionDefaults,
  ...outgoingSettings,
});
export type GatewaySettings = Settings<typeof gatewaySettings>;
