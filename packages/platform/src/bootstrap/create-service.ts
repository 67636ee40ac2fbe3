import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Logger as PinoLogger } from 'pino';
import { ActorLog } from '../auth/actor-log.js';
import { DenialLog } from '../auth/denial-log.js';
import { NoTokens } from '../auth/no-tokens.js';
import { OidcTokenVerifier } from '../auth/oidc-token-verifier.js';
import { type TokenVerifier } from '../auth/token-verifier.js';
import { authSettings, serviceSettings, type ServiceSettings } from '../config/catalogue.js';
import { type Environment } from '../config/setting.js';
import { loadSettings, secretTexts, type Settings } from '../config/settings.js';
import { healthCheck } from '../health/health-check.js';
import { HealthRegistry } from '../health/health-registry.js';
import { watchMethods } from '../errors/method-not-allowed.js';
import { useBodyParsers } from '../http/body-parsers.js';
import { createLogger } from '../logging/logging.js';
import { NestLogger } from '../logging/nest-logger.js';
import { serveOpenApi } from '../openapi/serve.js';
import { closeService } from './drain.js';
import { fastifyAdapter } from './fastify-adapter.js';
import { PlatformModule } from './platform-module.js';
import { type ServiceDefinition, type ServiceOptions } from './service-options.js';

/** An app that is put together but does not listen yet. */
export interface Service<D extends ServiceDefinition> {
  app: NestFastifyApplication;
  settings: Settings<D>;
  logger: PinoLogger;
  /** starts consumers, then listens. @returns the URL */
  listen(): Promise<string>;
  /** finishes what is in flight, at most `shutdownTimeoutSeconds`, and closes everything */
  close(): Promise<void>;
  /** ms after which `close` cuts the connections that are left */
  closeWithinMs: number;
}

/** Puts an app together. @throws SettingsError when the environment lacks what it needs */
export async function createService<D extends ServiceDefinition>(options: ServiceOptions<D>): Promise<Service<D>> {
  const env = options.env ?? process.env;
  const settings = loadSettings(options.settings, env);
  const own = loadSettings(serviceSettings, env);
  const logger = createLogger({
    service: options.name,
    level: own.logLevel,
    secrets: secretTexts(settings),
    destination: options.logs,
  });
  const tokens = options.tokens ?? tokenVerifier(options.settings, env);
  const root = PlatformModule.with({
    identity: { service: options.name, version: own.version },
    settings,
    tokens,
    logger,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: class App {}, imports: [root, options.module(settings)] },
    fastifyAdapter(own.bodyLimitBytes, logger),
    { bufferLogs: true, bodyParser: false, abortOnError: false },
  );
  await shape(app, options, settings, own);
  const closeWithinMs = own.shutdownTimeoutSeconds * 1000;
  return {
    app,
    settings,
    logger,
    async listen(): Promise<string> {
      await app.startAllMicroservices();
      await app.listen(own.port, own.host);
      return app.getUrl();
    },
    close: () => closeService(app, closeWithinMs),
    closeWithinMs,
  };
}

/** Everything between the making of the app and its listening; the order matters. */
async function shape<D extends ServiceDefinition>(
  app: NestFastifyApplication,
  options: ServiceOptions<D>,
  settings: Settings<D>,
  own: Settings<ServiceSettings>,
): Promise<void> {
  app.useLogger(app.get(NestLogger));
  if (options.denials) app.get(DenialLog).write = options.denials(app);
  if (options.actors) app.get(ActorLog).seen = options.actors(app);
  app.setGlobalPrefix('api/v1', { exclude: ['live', 'ready'] });
  const fastify = app.getHttpAdapter().getInstance();
  useBodyParsers(fastify, options.http?.streams ?? []);
  const refuseOtherMethods = watchMethods(fastify);
  if (options.swagger) serveOpenApi(app, { ...options.swagger, version: own.version });
  await options.http?.configure?.(app, settings);
  if (options.microservice) {
    const consumer = options.microservice(app);
    app.get(HealthRegistry).add(healthCheck('consumer', async () => consumer.check(), { needed: false }));
    app.connectMicroservice({ strategy: consumer }, { inheritAppConfig: true });
  }
  await app.init();
  refuseOtherMethods();
}

/** A service without token settings takes none: its routes are closed unless they are public. */
function tokenVerifier(definition: ServiceDefinition, env: Environment): TokenVerifier {
  if (!('oidcIssuer' in definition)) return new NoTokens();
  const auth = loadSettings(authSettings, env);
  return new OidcTokenVerifier({
    issuer: auth.oidcIssuer,
    audience: auth.oidcAudience,
    jwksUrl: auth.oidcJwksUrl,
    leewaySeconds: auth.oidcLeewaySeconds,
  });
}
