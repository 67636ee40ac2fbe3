import { type Actor, ApiError, invalidField } from '@aumos/agf-domain';
import { DecisionLinksRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { LinkTokens } from './link-tokens.js';

/** A decision says by which link it came: the link is used up with it, in its transaction. */
@Injectable()
export class UseLink {
  constructor(
    private readonly links: DecisionLinksRepository,
    private readonly tokens: LinkTokens,
  ) {}

  /** @returns its id. @throws ApiError VALIDATION_ERROR: forged, or another tenant's; INVALID_STATE: its time is over */
  read(actor: Pick<Actor, 'tenant_id'>, token: string): string {
    const link = this.tokens.read(token);
    if (link?.tenant_id !== actor.tenant_id.toLowerCase()) throw notOurs();
    if (link.expires_at.getTime() <= Date.now()) throw done('expired');
    return link.id;
  }

  /**
   * Needs the tenant's open scope.
   * @throws ApiError VALIDATION_ERROR: of another approval; INVALID_STATE: it was used, or its time is over
   */
  async use(link: { id: string; approval_id: string; used_by: string }): Promise<void> {
    if (await this.links.use(link)) return;
    const row = await this.links.get(link.id);
    if (row?.approval_id !== link.approval_id) throw notOurs();
    throw done(row.used_at === null ? 'expired' : 'used');
  }
}

const notOurs = (): ApiError => invalidField('link', 'is no link of this approval');

const done = (reason: 'used' | 'expired'): ApiError =>
  new ApiError('INVALID_STATE', reason === 'used' ? 'The link was used.' : 'The link is over.', {
    reason: `link_${reason}`,
  });
