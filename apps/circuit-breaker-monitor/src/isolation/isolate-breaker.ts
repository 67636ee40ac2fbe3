import { type BreakerIsolation, invalidField } from '@aumos/agf-domain';
import { AuditRepository, IsolationsRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import { breakerKeyOf } from '../breakers/breaker-key.js';
import { BreakerSubject } from './breaker-subject.js';
import { EnforceIsolation } from './enforce-isolation.js';
import { isolationView } from './isolation.convert.js';
import type { IsolateDto } from './isolation.dto.js';
import type { IsolationChangeView } from './isolation.view.js';
import { mayChange, notYours } from './own-isolation.js';

/**
 * Takes a breaker out of use, or changes why or until when it is. PostgreSQL has it before Redis does: from then on
 * it holds, whatever becomes of Redis.
 */
@Injectable()
export class IsolateBreaker {
  private readonly log = new Logger(IsolateBreaker.name);

  constructor(
    private readonly db: TenantDb,
    private readonly isolations: IsolationsRepository,
    private readonly subject: BreakerSubject,
    private readonly audit: AuditRepository,
    private readonly enforce: EnforceIsolation,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR; FORBIDDEN where somebody else has isolated it, unless by an admin */
  async run(actor: AuthenticatedActor, text: string, body: IsolateDto): Promise<IsolationChangeView> {
    const key = breakerKeyOf(text);
    const since = new Date();
    const until = expiryOf(body, since);
    const isolation: BreakerIsolation = { key, reason: body.reason, by: actor.sub, since: since.toISOString(), until };
    const allowed = await this.db.run(actor.tenant_id, async () => {
      if (!(await this.subject.exists(key))) throw notFound();
      await this.isolations.lock(key);
      const may = mayChange(actor, await this.isolations.get(key));
      if (may) await this.isolations.put(isolation);
      await this.audit.append({
        actor_id: actor.sub,
        action: 'breaker.isolate',
        resource_type: 'breaker',
        resource_id: key,
        outcome: may ? 'allowed' : 'denied',
        details: { reason: body.reason, expires_at: until },
      });
      return may;
    });
    if (!allowed) throw notYours();
    const in_force = await this.enforce.attempt(actor.tenant_id, key);
    this.log.log({ msg: 'breaker isolated', circuit_key: key, in_force });
    return { circuit_key: key, isolation: isolationView(isolation), in_force };
  }
}

function expiryOf({ expires_at }: IsolateDto, now: Date): string | null {
  if (expires_at === undefined) return null;
  const until = new Date(expires_at);
  if (until <= now) throw invalidField('expires_at', 'must lie in the future');
  return until.toISOString();
}
