import { DISPATCH_HINTS } from '@aumos/agf-domain';
import { Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

/** Tells the workers of what was written. A hint that is lost costs the delay of their sweep, nothing else. */
@Injectable()
export class DispatchHints {
  private readonly log = new Logger(DispatchHints.name);

  constructor(private readonly redis: Redis) {}

  /** Nobody waits for it. */
  give(kind: 'start' | 'cancel' | 'command', tenantId: string, executionId: string): void {
    const hint = JSON.stringify({ kind, tenant_id: tenantId, execution_id: executionId });
    this.redis.lpush(DISPATCH_HINTS, hint).catch((err: unknown) => {
      this.log.warn({ err, msg: 'a hint was lost', kind, execution_id: executionId });
    });
  }
}
