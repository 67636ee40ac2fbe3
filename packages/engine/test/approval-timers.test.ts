import { describe, expect, it } from '@jest/globals';
import type { ApprovalTimes } from '@aumos/agf-domain';
import type { ApprovalStart } from '../src/common/index.js';
import {
  anyHoursAfter,
  firstTimers,
  nextDue,
  nextReminder,
  type ApprovalTimers,
  type HoursAfter,
} from '../src/workflow/approval-timers.js';

const T0 = Date.parse('2026-11-23T09:00:00Z');
const HOUR = 3_600_000;
const after: HoursAfter = async (from, hours) => anyHoursAfter(from, hours);
const start = (times?: Partial<ApprovalTimes>, auto_reject_on_timeout = false): ApprovalStart =>
  ({
    requested_at: new Date(T0).toISOString(),
    expires_at: new Date(T0 + 24 * HOUR).toISOString(),
    auto_reject_on_timeout,
    ...(times
      ? {
          times: {
            timeout_hours: 24,
            auto_reject: auto_reject_on_timeout,
            escalation_policy: 'notify_admin',
            ...times,
          },
        }
      : {}),
  }) as ApprovalStart;
const hours = ({ expireAt, escalateAt, remindAt }: ApprovalTimers): (number | null)[] =>
  [expireAt, escalateAt, remindAt].map((at) => (at === null ? null : (at - T0) / HOUR));

describe('the times of an approval', () => {
  it.each([
    ['asked for without times, staying open', start(), [null, 24, null]],
    ['asked for without times, rejecting itself', start(undefined, true), [24, null, null]],
    ['staying open', start({}), [null, 24, null]],
    ['rejecting itself', start({}, true), [24, null, null]],
    ['escalated before it stays open', start({ escalation_hours: 8 }), [null, 8, null]],
    ['escalated before it rejects itself', start({ escalation_hours: 8 }, true), [24, 8, null]],
    ['reminding', start({ reminder_hours: 2 }, true), [24, null, 2]],
  ])('%s', async (_, of, expected) => {
    expect(hours(await firstTimers(of, after))).toEqual(expected);
  });

  it('expires rather than escalates or reminds, when all are due, and takes what comes first otherwise', () => {
    const timers = { expireAt: 30, escalateAt: 20, remindAt: 10, reminders: 0 };
    expect(nextDue(timers, 0)).toEqual({ due: 'remind', at: 10 });
    expect(nextDue(timers, 15)).toEqual({ due: 'remind', at: 10 });
    expect(nextDue(timers, 25)).toEqual({ due: 'escalate', at: 20 });
    expect(nextDue(timers, 30)).toEqual({ due: 'expire', at: 30 });
    expect(nextDue({ expireAt: null, escalateAt: null, remindAt: null, reminders: 3 }, 99)).toBeNull();
  });

  it('reminds once for all that was missed, and then in its rhythm', async () => {
    const { times } = start({ reminder_hours: 2 });
    const timers = { expireAt: null, escalateAt: null, remindAt: T0 + 2 * HOUR, reminders: 0 };
    const next = (now: number) => nextReminder(timers, { times, now: T0 + now * HOUR, after });
    expect(await next(2.1)).toEqual({ remindAt: T0 + 4 * HOUR, reminders: 1 });
    expect(await next(9)).toEqual({ remindAt: T0 + 11 * HOUR, reminders: 1 });
  });
});
