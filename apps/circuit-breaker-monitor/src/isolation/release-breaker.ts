import { ApiError } from '@aumos/agf-domain';
import { AuditRepository, IsolationsRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import { breakerKeyOf } from '../breakers/breaker-key.js';
import { BreakerSubject } from './breaker-subject.js';
import { EnforceIsolation } from './enforce-isolation.js';
import type { ReleaseDto } from './isolation.dto.js';
import type { IsolationChangeView } from './isolation.view.js';
import { mayChange, notYours } from './own-isolation.js';

/** Puts an isolated breaker back into use: it is closed, whatever it was before. */
@Injectable()
export class ReleaseBreaker {
  private readonly log = new Logger(ReleaseBreaker.name);

  constructor(
    private readonly db: TenantDb,
    private readonly isolations: IsolationsRepository,
    private readonly subject: BreakerSubject,
    private readonly audit: AuditRepository,
    private readonly enforce: EnforceIsolation,
  ) {}

  /**
   * @throws ApiError NOT_FOUND; INVALID_STATE for one that is not isolated; FORBIDDEN where somebody else has isolated it,
   *   unless by an admin
   */
  async run(actor: AuthenticatedActor, text: string, { reason }: ReleaseDto): Promise<IsolationChangeView> {
    const key = breakerKeyOf(text);
    const allowed = await this.db.run(actor.tenant_id, async () => {
      await this.isolations.lock(key);
      const may = mayChange(actor, await this.isolations.get(key));
      if (may && !(await this.isolations.remove(key))) {
        if (await this.subject.exists(key)) throw new ApiError('INVALID_STATE', 'It is not isolated.');
        throw notFound();
      }
      await this.audit.append({
        actor_id: actor.sub,
        action: 'breaker.release',
        resource_type: 'breaker',
        resource_id: key,
        outcome: may ? 'allowed' : 'denied',
        details: { reason },
      });
      return may;
    });
    if (!allowed) throw notYours();
    const in_force = await this.enforce.attempt(actor.tenant_id, key);
    this.log.log({ msg: 'breaker released', circuit_key: key, in_force });
    return { circuit_key: key, isolation: null, in_force };
  }
}
