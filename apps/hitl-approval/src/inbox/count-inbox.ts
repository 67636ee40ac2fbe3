import { groupNames } from '@aumos/agf-domain';
import { ApprovalInboxRepository, type InboxCount, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { ApprovalActor } from '../approvals/act-on-approval.js';
import type { CountsView, InboxCountsView } from './inbox.view.js';
import { ReaderOf } from './reader-of.js';

/** How much waits for the caller, and for anybody. */
@Injectable()
export class CountInbox {
  constructor(
    private readonly db: TenantDb,
    private readonly inbox: ApprovalInboxRepository,
    private readonly readers: ReaderOf,
  ) {}

  async run(actor: ApprovalActor): Promise<InboxCountsView> {
    return this.db.run(actor.tenant_id, async () => {
      const reader = await this.readers.run(actor);
      const counts = await this.inbox.counts(reader);
      const groups = new Map(reader.askedOf.map(({ key, refs }) => [key, groupNames([...new Set(refs)])]));
      const mine = counts.filter((one) => one.mine);
      return { me: countsView(mine, groups), all: countsView(counts, groups) };
    });
  }
}

function countsView(counts: readonly InboxCount[], groups: ReadonlyMap<string, string[]>): CountsView {
  const sum = (of: (one: InboxCount) => number): number => counts.reduce((all, one) => all + of(one), 0);
  const oldest = counts.map((one) => one.oldest.getTime());
  const [workflows, levels, names] = [
    new Map<string, InboxCount>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  for (const one of counts) {
    const before = workflows.get(one.workflow_id);
    workflows.set(one.workflow_id, {
      ...one,
      count: (before?.count ?? 0) + one.count,
      workflow_name: one.workflow_name ?? before?.workflow_name ?? null,
    });
    levels.set(one.privilege_level, (levels.get(one.privilege_level) ?? 0) + one.count);
    for (const name of groups.get(one.asked_key) ?? []) names.set(name, (names.get(name) ?? 0) + one.count);
  }
  return {
    total: sum(({ count }) => count),
    expiring: sum(({ expiring }) => expiring),
    claimed_by_me: sum(({ claimed_by_me }) => claimed_by_me),
    oldest: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
    by_workflow: [...workflows.values()]
      .map(({ workflow_id, workflow_name, count }) => ({ workflow_id, workflow_name, total: count }))
      .sort((one, other) => other.total - one.total || (one.workflow_id < other.workflow_id ? -1 : 1)),
    by_level: [...levels].sort().map(([privilege_level, total]) => ({ privilege_level, total })),
    by_group: [...names].sort().map(([group, total]) => ({ group, total })),
  };
}
