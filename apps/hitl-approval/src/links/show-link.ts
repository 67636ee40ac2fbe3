import { ApprovalsRepository, DecisionLinksRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { LinkTokens } from './link-tokens.js';
import { LinkUrls } from './link-urls.js';
import type { LinkView } from './link.view.js';

/** Says whether an approval waits, and where to decide. It reads, and nothing else: programs follow links too. */
@Injectable()
export class ShowLink {
  constructor(
    private readonly db: TenantDb,
    private readonly links: DecisionLinksRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly tokens: LinkTokens,
    private readonly urls: LinkUrls,
  ) {}

  /** @throws ApiError NOT_FOUND: forged, over, or of what is not there any more */
  async run(token: string): Promise<LinkView> {
    const said = this.tokens.read(token);
    if (said === null || said.expires_at.getTime() <= Date.now()) throw notFound();
    return this.db.run(said.tenant_id, async () => {
      const link = await this.links.get(said.id);
      const approval = link && (await this.approvals.get(link.approval_id));
      if (!link || !approval) throw notFound();
      const waiting = approval.status === 'pending';
      const decide_at = this.urls.toDecide(approval.id, link.used_at === null ? token : null);
      return {
        waiting,
        used: link.used_at !== null,
        decide_at: waiting ? decide_at : null,
        expires_at: link.expires_at.toISOString(),
      };
    });
  }
}
