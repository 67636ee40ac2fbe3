import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApprovalTimes } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { SkippingTime } from './support/skipping-time.js';

const HOUR_MS = 3_600_000;
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
  const hoursSince = async (began: number): Promise<number> => Math.round((await time.now()) - began) / HOUR_MS;

  it('is over after 24 hours, and not before', async () => {
    const asked = await time.ask({ times: times() });
    const began = Date.parse(asked.requested_at);
    await opened(asked);
    await time.pass(23.9);
    expect(time.of(asked)?.outcome).toBeNull();
    expect(await time.outcome(asked)).toMatchObject({ status: 'expired', decided_by: [] });
    const passed = await hoursSince(began);
    expect(passed).toBeGreaterThanOrEqual(24);
    expect(passed).toBeLessThan(24.2);
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

  it('one end alone, whether it expires or is decided at that moment', async () => {
    for (let i = 0; i < 5; i++) {
      const asked = await time.ask({ times: times({ timeout_hours: 1 }) });
      await opened(asked);
      await time.pass(1 - 1 / 3_600);
      const [outcome] = await Promise.all([time.outcome(asked), time.decide(asked, 'approved').catch(() => undefined)]);
      expect(outcome).toEqual(time.of(asked)?.outcome);
    }
  });

  it('goes on where it stood after the worker was away: what was due meanwhile is done once', async () => {
    const asked = await time.ask({ times: times({ reminder_hours: 2, escalation_hours: 12, timeout_hours: 48 }) });
    await opened(asked);
    await time.pass(2.5);
    await eventually(() => time.of(asked)?.reminders.length === 1, 'the first reminder');
    await time.stopWorker();
    await time.pass(20);
    expect(time.of(asked)).toMatchObject({ escalated: 0, reminders: [1] });
    await time.startWorker();
    await eventually(() => time.of(asked)?.escalated === 1, 'the escalation');
    await eventually(() => time.of(asked)?.reminders.length === 2, 'a reminder');
    await time.decide(asked, 'approved');
    expect((await time.outcome(asked)).status).toBe('approved');
    expect(time.of(asked)?.reminders).toEqual([1, 2]);
  });

  it('expires, and is neither escalated nor reminded of, when the worker was away for longer than that', async () => {
    const asked = await time.ask({ times: times({ reminder_hours: 2, escalation_hours: 12 }) });
    await opened(asked);
    await time.stopWorker();
    await time.pass(72);
    await time.startWorker();
    expect((await time.outcome(asked)).status).toBe('expired');
    expect(time.of(asked)).toMatchObject({ escalated: 0, reminders: [] });
  });

  it('counts business hours alone: a reminder, an escalation and an end over a weekend', async () => {
    const always = { time_zone: 'UTC', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
    const asked = await time.ask({
      times: times({ timeout_hours: 24, reminder_hours: 10, escalation_hours: 16, business_hours: always }),
    });
    const began = Date.parse(asked.requested_at);
    expect((await time.outcome(asked)).status).toBe('expired');
    expect(time.of(asked)).toMatchObject({ escalated: 1, reminders: [1, 2] });
    // Three working days, and what lies between.
    expect(await hoursSince(began)).toBeGreaterThan(40);
    expect(Date.parse(asked.expires_at) - began).toBeLessThanOrEqual((await hoursSince(began)) * HOUR_MS);
  });

  it('goes on in another run with what is due still, and what was done', async () => {
    const asked = await time.ask({
      times: times({ timeout_hours: 24 * 10, reminder_hours: 40, escalation_hours: 60 }),
    });
    const began = Date.parse(asked.requested_at);
    expect((await time.outcome(asked)).status).toBe('expired');
    expect(await time.runs(asked)).toBeGreaterThan(1);
    expect(time.of(asked)).toMatchObject({ escalated: 1, reminders: [1, 2, 3, 4, 5] });
    expect(await hoursSince(began)).toBeGreaterThanOrEqual(240);
  });
});
