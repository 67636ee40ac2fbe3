import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApprovalTimes } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { SkippingTime } from './support/skipping-time.js';

const times = (more: Partial<ApprovalTimes> = {}): ApprovalTimes => ({
  ...{ timeout_hours: 24, auto_reject: true, escalation_policy: 'notify_admin' },
  ...more,
});

jest.setTimeout(60_000);

describe('the time of an approval', () => {
  let time: SkippingTime;
  beforeAll(async () => {
    time = await SkippingTime.open();
  });
  afterAll(async () => {
    await time.close();
  });
  const opened = (asked: Parameters<SkippingTime['of']>[0]) => eventually(() => time.of(asked), 'the opening');

  it('is over after 24 hours, and not before', async () => {
    const asked = await time.ask({ times: times() });
    await opened(asked);
    await time.pass(23.9);
    expect(time.of(asked)?.outcome).toBeNull();
    await time.pass(0.2);
    expect(time.of(asked)?.outcome).toMatchObject({ status: 'expired', decided_by: [] });
    expect(time.of(asked)).toMatchObject({ escalated: 0, reminders: [] });
  });

  it('as earlier builds asked it: one that rejects itself is over, another one is escalated and stays open', async () => {
    const rejecting = await time.ask({ auto_reject_on_timeout: true });
    expect((await time.outcome(rejecting)).status).toBe('expired');
    const open = await time.ask();
    await opened(open);
    await time.pass(23.9);
    expect(time.of(open)?.escalated).toBe(0);
    await time.pass(30);
    expect(time.of(open)).toMatchObject({ escalated: 1, outcome: null });
    await time.decide(open, 'approved');
    expect((await time.outcome(open)).status).toBe('approved');
  });

  it('reminds in its rhythm until somebody decides', async () => {
    const asked = await time.ask({ times: times({ reminder_hours: 5 }) });
    await opened(asked);
    await time.pass(4.9);
    expect(time.of(asked)?.reminders).toEqual([]);
    await time.pass(0.2);
    expect(time.of(asked)?.reminders).toEqual([1]);
    await time.pass(10);
    expect(time.of(asked)?.reminders).toEqual([1, 2, 3]);
    await time.decide(asked, 'approved');
    expect((await time.outcome(asked)).status).toBe('approved');
    await time.pass(10);
    expect(time.of(asked)?.reminders).toEqual([1, 2, 3]);
  });

  it('escalates once, and a decision counts afterwards', async () => {
    const asked = await time.ask({ times: times({ escalation_hours: 8, reminder_hours: 20 }) });
    await opened(asked);
    await time.pass(7.9);
    expect(time.of(asked)?.escalated).toBe(0);
    await time.pass(4);
    expect(time.of(asked)).toMatchObject({ escalated: 1, outcome: null });
    await time.decide(asked, 'rejected');
    expect((await time.outcome(asked)).status).toBe('rejected');
    expect(time.of(asked)).toMatchObject({ escalated: 1, reminders: [] });
  });

  it('escalates, reminds, and expires nevertheless', async () => {
    const asked = await time.ask({ times: times({ escalation_hours: 8, reminder_hours: 10 }) });
    expect((await time.outcome(asked)).status).toBe('expired');
    expect(time.of(asked)).toMatchObject({ escalated: 1, reminders: [1, 2] });
  });

  it('takes the decision that came before its end, though nobody told of it', async () => {
    const asked = await time.ask({ times: times() });
    await opened(asked);
    await time.pass(23.99);
    time.activities.decide(asked.approval_id, 'approved', ['somebody']);
    expect((await time.outcome(asked)).status).toBe('approved');
  });
});
