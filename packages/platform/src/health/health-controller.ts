import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { Public } from '../auth/access.js';
import { type Health, HealthRegistry } from './health-registry.js';

/** What /ready says of the process itself. */
export interface ServiceIdentity {
  service: string;
  version: string;
}
export const SERVICE_IDENTITY = Symbol('SERVICE_IDENTITY');

interface Readiness extends ServiceIdentity, Health {
  timestamp: string;
}

@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthRegistry,
    @Inject(SERVICE_IDENTITY) private readonly identity: ServiceIdentity,
  ) {}

  /** The process runs and answers; nothing else is looked at. */
  @Get('live')
  @HttpCode(200)
  live(): { service: string; status: 'alive' } {
    return { service: this.identity.service, status: 'alive' };
  }

  /** 503 when something the app needs is down or it shuts down. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const health = await this.health.look();
    void reply.status(health.status === 'unhealthy' ? 503 : 200).header('cache-control', 'no-store');
    return { ...this.identity, ...health, timestamp: new Date().toISOString() };
  }
}
