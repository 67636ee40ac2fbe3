export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface Finding {
  status: HealthStatus;
  /** what a person should know; never a secret */
  message?: string;
}

/** One thing an app needs. It is looked at when /ready is asked. */
export abstract class HealthCheck {
  abstract readonly name: string;
  /** false: without it the app is degraded, but takes work */
  readonly needed: boolean = true;
  /** ms after which it counts as down */
  readonly timeoutMs: number = 2000;
  /** A throw means down. */
  abstract check(): Promise<Finding> | Finding;
}

export interface HealthCheckOptions {
  needed?: boolean;
  timeoutMs?: number;
}

/** A check from a function: it is up when the function returns, down when it throws. */
export function healthCheck(
  name: string,
  probe: () => Promise<unknown>,
  { needed = true, timeoutMs = 2000 }: HealthCheckOptions = {},
): HealthCheck {
  return {
    name,
    needed,
    timeoutMs,
    async check(): Promise<Finding> {
      await probe();
      return { status: 'healthy' };
    },
  };
}
