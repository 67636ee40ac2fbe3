import {
  couldDecide,
  type Fulfillable,
  fulfillable,
  personOf,
  type PresentPeople,
  type PrivilegeLevel,
  remaining,
} from '@aumos/agf-domain';
import {
  AuditRepository,
  type JudgedApproval,
  NoticesRepository,
  PeopleChangesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';

/** Marks that are settled together. */
const MARKS = 500;
/** Approvals of one transaction: it stays short, however many are pending. */
const BATCH = 200;
/** Rules of a tenant that differ: what is judged again and again is judged once. */
const MOST_ANSWERS = 1_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Judges whether the people there are can still give what is pending, after what changed of people or of an approval. One
 * that they cannot is marked, audited and told to the admins, once each time that it becomes so.
 */
@Injectable()
export class JudgeApprovals {
  constructor(
    private readonly db: TenantDb,
    private readonly changes: PeopleChangesRepository,
    private readonly notices: NoticesRepository,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly settings: Pick<ApprovalSettings, 'agentMaxPrivilegeLevel'>,
  ) {}

  /** A mark goes when what it names has been judged: whatever dies in between, it is judged again. */
  async run(tenantId: string, signal?: AbortSignal): Promise<void> {
    for (let last = MARKS; last === MARKS && !signal?.aborted;) {
      const { marks, people } = await this.db.run(tenantId, async () => {
        // The marks first: who changes the people later leaves another one.
        const found = await this.changes.marks(MARKS);
        return { marks: found, people: await this.changes.people() };
      });
      last = marks.length;
      if (last === 0) return;
      const judge = this.judge(people);
      const named = marks.flatMap(({ approval_id }) => approval_id ?? []);
      if (named.length < last) await this.all(tenantId, judge, signal);
      else
        for (let at = 0; at < named.length && !signal?.aborted; at += BATCH)
          await this.db.run(tenantId, async () =>
            this.note(await this.changes.pending(named.slice(at, at + BATCH)), judge),
          );
      if (signal?.aborted) return;
      await this.db.run(tenantId, () => this.changes.settle(marks.map(({ id }) => id)));
    }
  }

  private async all(
    tenantId: string,
    judge: (one: JudgedApproval) => Fulfillable,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let after: string | undefined = FIRST; after !== undefined && !signal?.aborted;) {
      const from: string = after;
      after = await this.db.run(tenantId, async () => {
        const found = await this.changes.pendingAfter(from, BATCH);
        await this.note(found, judge);
        return found.length < BATCH ? undefined : found.at(-1)!.row.id;
      });
    }
  }

  private judge(present: PresentPeople): (one: JudgedApproval) => Fulfillable {
    const cap = this.settings.agentMaxPrivilegeLevel;
    const capped = (level: PrivilegeLevel) => Math.min(level, cap) as PrivilegeLevel;
    const members = present.members.map(({ sub, roles, privilege_level }) => ({
      ...{ sub, roles, privilege_level: capped(privilege_level) },
    }));
    const people = { ...present, members };
    const isKnown = new Set(members.map(({ sub }) => personOf(sub)));
    const answers = new Map<string, Fulfillable>();
    return ({ asked }) => {
      const one = remaining(asked);
      const { rule, privilege_level, excluded, left = [] } = one;
      // Who is no member takes nobody's place: such requesters make no difference.
      const out = present.complete ? excluded.map(personOf).filter((person) => isKnown.has(person)) : excluded;
      const key = JSON.stringify([rule.stages, privilege_level, out, left.map(({ from, to }) => [from, to])]);
      const known = answers.get(key);
      if (known) return known;
      const answer = fulfillable(one, { members: couldDecide(one, people), groups: people.groups });
      if (answers.size < MOST_ANSWERS) answers.set(key, answer);
      return answer;
    };
  }

  private async note(found: readonly JudgedApproval[], judge: (one: JudgedApproval) => Fulfillable): Promise<void> {
    for (const one of found) {
      const answer = judge(one);
      if (answer.fulfillable !== (one.row.unfulfillable_since === null))
        await (answer.fulfillable ? this.canBeGiven(one) : this.cannotBeGiven(one, answer));
    }
  }

  private async cannotBeGiven(
    { row }: JudgedApproval,
    { stage, missing }: Extract<Fulfillable, { fulfillable: false }>,
  ): Promise<void> {
    const since = await this.changes.becameUnfulfillable(row.id);
    if (!since) return;
    const key = `unfulfillable:${since.toISOString()}`;
    await this.notices.queue({ approval_id: row.id, kind: 'unfulfillable', key, to: { roles: ['admin'] } });
    await this.audited(row, 'approval.unfulfillable', { stage, missing });
  }

  private async canBeGiven({ row }: JudgedApproval): Promise<void> {
    if (await this.changes.becameFulfillable(row.id)) await this.audited(row, 'approval.fulfillable', {});
  }

  private async audited(
    { id, execution_id }: JudgedApproval['row'],
    action: string,
    details: { stage?: string; missing?: number },
  ): Promise<void> {
    const of = { resource_type: 'approval', resource_id: id, outcome: 'allowed' as const };
    await this.audit.append({ actor_id: 'system', action, ...of, details: { execution_id, ...details } });
  }
}
