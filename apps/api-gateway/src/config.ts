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
});
export type GatewaySettings = Settings<typeof gatewaySettings>;
