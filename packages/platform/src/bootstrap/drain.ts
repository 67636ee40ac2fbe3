import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthRegistry } from '../health/health-registry.js';

const EVERY_MS = 50;

/**
 * Closes the app: readiness goes down, no new connection is taken, what is in flight ends, idle keep-alive connections
 * are closed as they become idle, and all others after `deadlineMs`.
 */
export async function closeService(app: NestFastifyApplication, deadlineMs: number): Promise<void> {
  app.get(HealthRegistry).drain();
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), EVERY_MS);
  const last = setTimeout(() => server.closeAllConnections(), deadlineMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(last);
  }
}
