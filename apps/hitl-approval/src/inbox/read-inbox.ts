import {
  ApprovalInboxRepository,
  ApprovalsRepository,
  FamiliesRepository,
  type InboxFilter,
  TenantDb,
} from '@aumos/agf-persistence';
import { type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { ApprovalActor } from '../approvals/act-on-approval.js';
import { approvalView } from '../approvals/approval.convert.js';
import { ApprovalLinks } from './approval-links.js';
import type { InboxQueryDto } from './inbox.dto.js';
import type { InboxItemView } from './inbox.view.js';
import { type Reader, ReaderOf } from './reader-of.js';

export type InboxAnswer = Page<InboxItemView> & { next_cursor: string | null };

/** What waits for the caller, or for anybody. */
@Injectable()
export class ReadInbox {
  constructor(
    private readonly db: TenantDb,
    private readonly inbox: ApprovalInboxRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly families: FamiliesRepository,
    private readonly readers: ReaderOf,
    private readonly links: ApprovalLinks,
  ) {}

  /** @throws ApiError VALIDATION_ERROR for a cursor of another order */
  async run(actor: ApprovalActor, { group, ...query }: InboxQueryDto): Promise<InboxAnswer> {
    return this.db.run(actor.tenant_id, async () => {
      const reader = await this.readers.run(actor);
      const filter: InboxFilter & { asked?: string[] } = { ...query, ...ofGroup(reader, group) };
      const { items, total, next_cursor } = await this.inbox.page(reader, { ...query, ...filter });
      const paths = await this.families.pathsTo(items.map(({ execution_id }) => execution_id));
      const votes = await this.approvals.decisionsOf(...items.map(({ id }) => id));
      const views = items.map((row): InboxItemView => {
        const own = votes.filter(({ approval_id }) => approval_id === row.id);
        const view = approvalView(row, own, paths.get(row.execution_id) ?? []);
        return { ...view, workflow_name: row.workflow_name, me: reader.may(row), links: this.links.of(row) };
      });
      const page = pageOf(views, total, query);
      const has_next = query.cursor === undefined ? page.has_next : next_cursor !== null;
      return { ...page, has_next, next_cursor };
    });
  }
}

const ofGroup = ({ askedOf }: Reader, group: string | undefined): { asked?: string[] } =>
  group === undefined ? {} : { asked: askedOf.filter(({ refs }) => refs.includes(group)).map(({ key }) => key) };
