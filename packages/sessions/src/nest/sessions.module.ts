import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { openRedis } from '@aumos/agf-resilience/redis';
import { type Redis } from 'ioredis';
import { AgentSessions, type SessionOptions } from '../agent-sessions.js';

export interface SessionsModuleOptions extends SessionOptions {
  url: string;
  clientName: string;
}

const CLIENT = Symbol('the connection of sessions');

/** Sessions for an app, global, over a connection of their own; it closes with the app. */
@Module({})
export class SessionsModule implements OnApplicationShutdown {
  constructor(@Inject(CLIENT) private readonly redis: Redis) {}

  static for({ url, clientName, ...options }: SessionsModuleOptions): DynamicModule {
    const client = (): Redis =>
      openRedis(url, {
        connectionName: `${clientName}-sessions`,
        maxRetriesPerRequest: 1,
        // A change whose answer was lost is not made again by the client: an append would take effect twice.
        autoResendUnfulfilledCommands: false,
        connectTimeout: 2_000,
      });
    return {
      module: SessionsModule,
      global: true,
      providers: [
        { provide: CLIENT, useFactory: client },
        { provide: AgentSessions, useFactory: (redis: Redis) => new AgentSessions(redis, options), inject: [CLIENT] },
      ],
      exports: [AgentSessions],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
