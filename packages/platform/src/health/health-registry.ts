import { Injectable } from '@nestjs/common';
import { type Finding, type HealthCheck, type HealthStatus } from './health-check.js';

export interface Component {
  status: HealthStatus;
  message: string;
  latency_ms: number;
}

export interface Health {
  status: HealthStatus;
  components: Record<string, Component>;
}

/** Holds the checks of an app: `constructor(health: HealthRegistry) { health.add(healthCheck('redis', () => redis.ping())) }` */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();
  private draining = false;

  /** @throws when there is one of this name */
  add(check: HealthCheck): void {
    if (this.checks.has(check.name)) throw new Error(`there are two health checks called ${check.name}`);
    this.checks.set(check.name, check);
  }

  /** From now on the app is not ready: it shuts down. */
  drain(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  async look(): Promise<Health> {
    const looked = await Promise.all(
      [...this.checks.values()].map(async (check) => [check, await run(check)] as const),
    );
    const components = Object.fromEntries(looked.map(([check, component]) => [check.name, component]));
    if (this.draining) components['shutdown'] = { status: 'unhealthy', message: 'shutting down', latency_ms: 0 };
    const down = looked.some(([check, { status }]) => status === 'unhealthy' && check.needed);
    const allWell = looked.every(([, { status }]) => status === 'healthy');
    return { status: this.draining || down ? 'unhealthy' : allWell ? 'healthy' : 'degraded', components };
  }
}

async function run(check: HealthCheck): Promise<Component> {
  const start = performance.now();
  const finding = await within(check).catch((error: unknown): Finding => {
    return { status: 'unhealthy', message: reasonOf(error) };
  });
  return {
    status: finding.status,
    message: finding.message ?? (finding.status === 'healthy' ? 'ok' : ''),
    latency_ms: Math.round((performance.now() - start) * 100) / 100,
  };
}

async function within(check: HealthCheck): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${check.timeoutMs} ms`)), check.timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(() => check.check()), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The page is public: a driver's text could name hosts and accounts, its code cannot. */
function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error && error.message.startsWith('no answer within') ? error.message : 'unreachable';
}
