import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { type Logger as PinoLogger } from 'pino';
import { AuthGuard } from '../auth/auth-guard.js';
import { ActorLog } from '../auth/actor-log.js';
import { DenialLog } from '../auth/denial-log.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { SETTINGS } from '../config/settings-token.js';
import { ProblemFilter } from '../errors/problem-filter.js';
import { validationPipe } from '../errors/validation.js';
import { HealthController, SERVICE_IDENTITY, type ServiceIdentity } from '../health/health-controller.js';
import { HealthRegistry } from '../health/health-registry.js';
import { loggingModule } from '../logging/logging.js';
import { NestLogger } from '../logging/nest-logger.js';

export interface PlatformModuleOptions {
  identity: ServiceIdentity;
  settings: Readonly<Record<string, unknown>>;
  tokens: TokenVerifier;
  logger: PinoLogger;
}

/** What is the same in every app: guard, filter, pipe, health, logs, settings. */
@Module({})
export class PlatformModule {
  static with({ identity, settings, tokens, logger }: PlatformModuleOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [loggingModule(logger)],
      controllers: [HealthController],
      providers: [
        HealthRegistry,
        NestLogger,
        DenialLog,
        ActorLog,
        { provide: SETTINGS, useValue: settings },
        { provide: SERVICE_IDENTITY, useValue: identity },
        { provide: TokenVerifier, useValue: tokens },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
      exports: [HealthRegistry, SETTINGS, TokenVerifier],
    };
  }
}
