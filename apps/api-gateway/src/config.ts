import {
  artifactSettings,
  artifactStorageSettings,
  authSettings,
  breakerDefaults,
  databaseSettings,
  defineSettings,
  executionDefaults,
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
});
export type GatewaySettings = Settings<typeof gatewaySettings>;
