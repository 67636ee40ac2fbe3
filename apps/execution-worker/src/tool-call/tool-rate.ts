import { type Fault, type PrivilegeLevel, type RateLimit, ToolError } from '@aumos/agf-domain';
import { RateLimiter } from '@aumos/agf-resilience';
import { Injectable, Logger } from '@nestjs/common';

/** It may be called later: nothing was sent, and it says nothing of the tool. */
class RateLimitedError extends ToolError {
  override readonly fault: Fault = 'caller';

  constructor(tool: string, { calls, seconds }: RateLimit, retry_after_ms: number) {
    const message = `${tool} may be called ${String(calls)} times in ${String(seconds)} s`;
    super('RATE_LIMITED', message, true, { retry_after_ms });
  }
}

/** How often a tenant's own tool may be called. */
@Injectable()
export class ToolRate {
  private readonly logger = new Logger(ToolRate.name);

  constructor(private readonly limiter: RateLimiter) {}

  /**
   * Without Redis, calls below level 3 go on, as they do past breakers.
   * @throws ToolError `RATE_LIMITED`; Redis' error from level 3 on
   */
  async take(
    tenantId: string,
    { name, rate_limit }: { name: string; rate_limit?: RateLimit | undefined },
    level: PrivilegeLevel,
  ): Promise<void> {
    if (!rate_limit) return;
    const wait = await this.limiter.take(tenantId, `tool:${name}`, rate_limit).catch((error: unknown) => {
      if (level >= 3) throw error;
      this.logger.warn({ err: error, tool: name, msg: 'The rate of a tool is not limited: Redis does not answer' });
      return 0;
    });
    if (wait > 0) throw new RateLimitedError(name, rate_limit, wait);
  }
}
