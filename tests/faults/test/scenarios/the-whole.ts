import { acknowledged, oracle } from '@aumos/agf-test-support';
import { expect, it } from '@jest/globals';
import { world } from '../system.js';

const NOBODY = '7c9e6679-7425-4de8-944b-e07fc1f90ae7';

/** A wrong that is done past all protection, how it is undone, and what the oracle says of it. */
interface Wrong {
  what: string;
  /** in the platform's database, or in the warehouse */
  at?: 'warehouse';
  done: string;
  undone: string;
  said: RegExp;
}

const CONSUMED = `(select id from agf_hitl_approvals where status = 'consumed' order by id limit 1)`;
const COMPLETED = `(select id from agf_workflow_executions where status in ('completed', 'failed') and error_details is null
  order by id limit 1)`;

const WRONGS: Wrong[] = [
  {
    what: 'a slot that nobody holds',
    done: 'update agf_tenant_quotas set in_use = in_use + 1',
    undone: 'update agf_tenant_quotas set in_use = in_use - 1',
    said: /slots differ/,
  },
  {
    what: 'an event that was never sent',
    done: `insert into agf_outbox (tenant_id, id, shard, event_type, aggregate_type, aggregate_id, version, actor_id,
        correlation_id, occurred_at, data, published_at)
      select tenant_id, '${NOBODY}', shard, event_type, aggregate_type, aggregate_id, 1000, actor_id,
        correlation_id, occurred_at, data, published_at from agf_outbox limit 1`,
    undone: `delete from agf_outbox where id = '${NOBODY}'`,
    said: /was written and is not on Kafka/,
  },
  {
    what: 'an approval by who asked for it',
    done: `update agf_hitl_decisions set actor = 'acme-developer' where approval_id = ${CONSUMED}`,
    undone: `update agf_hitl_decisions set actor = 'acme-approver-1' where approval_id = ${CONSUMED}`,
    said: /by who asked/,
  },
  {
    what: 'an effect without its approval',
    done: `update agf_hitl_approvals set consumed_by = '-' || consumed_by where id = ${CONSUMED}`,
    undone: `update agf_hitl_approvals set consumed_by = substr(consumed_by, 2) where id = ${CONSUMED}`,
    said: /has not exactly one approval/,
  },
  {
    what: 'an end that Kafka tells otherwise',
    done: `update agf_workflow_executions set status = 'failed' where id = ${COMPLETED}`,
    undone: `update agf_workflow_executions set status = 'completed' where id = ${COMPLETED}`,
    said: /is failed, its ends on Kafka are \[agf\.workflow\.completed\]/,
  },
  {
    what: 'an approval that is open after the end',
    done: `update agf_hitl_approvals set status = 'pending' where id = ${CONSUMED}`,
    undone: `update agf_hitl_approvals set status = 'consumed' where consumed_by is not null and status = 'pending'`,
    said: /is open, its execution completed/,
  },
  {
    what: 'a load whose rows are not there',
    at: 'warehouse',
    done: 'update acme._agf_loads set rows = rows + 1',
    undone: 'update acme._agf_loads set rows = rows - 1',
    said: /has \d+ rows, its/,
  },
];

export function theWhole(): void {
  it('adds up: starts and ends, events, slots, effects and their approvals, tenants', async () => {
    expect(acknowledged.size).toBeGreaterThan(15);
    expect(await oracle(world())).toEqual([]);
  });

  it.each(WRONGS)('would not with $what', async ({ at, done, undone, said }) => {
    const database = at === 'warehouse' ? world().warehouse : world().platform;
    await database.query(done);
    try {
      expect((await oracle(world())).join('\n')).toMatch(said);
    } finally {
      await database.query(undone);
    }
  });

  it('would not with a start that was lost', async () => {
    acknowledged.add(NOBODY);
    expect(await oracle(world())).toEqual([`execution ${NOBODY} was acknowledged and is lost`]);
    acknowledged.delete(NOBODY);
  });
}
