import { type DynamicModule, type Type } from '@nestjs/common';
import { type CustomTransportStrategy } from '@nestjs/microservices';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type DestinationStream } from 'pino';
import { type ActorLog } from '../auth/actor-log.js';
import { type DenialLog } from '../auth/denial-log.js';
import { type TokenVerifier } from '../auth/token-verifier.js';
import { type ServiceSettings } from '../config/catalogue.js';
import { type Environment } from '../config/setting.js';
import { type Settings, type SettingsDefinition } from '../config/settings.js';
import { type StreamRoute } from '../http/body-parsers.js';

/** Every app's settings hold those of `serviceSettings`; with those of `authSettings` its routes take tokens. */
export type ServiceDefinition = SettingsDefinition & ServiceSettings;

type EventConsumer = CustomTransportStrategy & {
  /** @throws what keeps it from its events */
  check(): void;
};

export interface ServiceOptions<D extends ServiceDefinition> {
  /** the app's name, as logs, traces and /ready show it */
  name: string;
  settings: D;
  module: (settings: Settings<D>) => Type<unknown> | DynamicModule;
  http?: {
    /** routes whose bodies are handed on as streams: `bodyStream(request, maxBytes)` gives them */
    streams?: readonly StreamRoute[];
    /** last touches before the routes are made: proxies and the like */
    configure?: (app: NestFastifyApplication, settings: Settings<D>) => void | Promise<void>;
  };
  /** makes the consumer of events, whose health is told and needed for nothing; providers are got by `app.get(…)` */
  microservice?: (app: NestFastifyApplication) => EventConsumer;
  /** told of every caller whom the guard refused, before the answer; when it fails, so does the request */
  denials?: (app: NestFastifyApplication) => DenialLog['write'];
  /** told of every caller whom the guard let in; nobody waits for it */
  actors?: (app: NestFastifyApplication) => ActorLog['seen'];
  /** serves /openapi.json and /docs */
  swagger?: { title: string; description: string };
  /** for tests: the environment (default: the process's), where logs go, who verifies tokens */
  env?: Environment;
  logs?: DestinationStream;
  tokens?: TokenVerifier;
}
