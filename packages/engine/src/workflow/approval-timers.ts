import type { ApprovalTimes } from '@aumos/agf-domain/runtime';
import type { ApprovalStart } from '../common/messages.js';

/** What may be due of an approval, the more urgent first. */
export type Due = 'expire' | 'escalate' | 'remind';
const IN_ORDER: readonly Due[] = ['expire', 'escalate', 'remind'];

/** When what is due, in ms since the epoch; null: never, or done. Handed from run to run. */
export interface ApprovalTimers {
  expireAt: number | null;
  escalateAt: number | null;
  remindAt: number | null;
  /** sent so far */
  reminders: number;
}

const HOUR_MS = 3_600_000;

/** When so many of the hours that count are over; ms since the epoch. */
export type HoursAfter = (from: number, hours: number, times: ApprovalTimes) => Promise<number>;

/**
 * Of an approval that is opened now. One that rejects itself expires at its deadline; another one is escalated then, where
 * its times name no earlier moment, and stays open.
 */
export async function firstTimers(start: ApprovalStart, after: HoursAfter): Promise<ApprovalTimers> {
  const { times } = start;
  const deadline = Date.parse(start.expires_at);
  if (!times) {
    const expires = start.auto_reject_on_timeout;
    return { expireAt: expires ? deadline : null, escalateAt: expires ? null : deadline, remindAt: null, reminders: 0 };
  }
  const from = Date.parse(start.requested_at);
  const { auto_reject, escalation_hours, reminder_hours } = times;
  return {
    expireAt: auto_reject ? deadline : null,
    escalateAt:
      escalation_hours === undefined ? (auto_reject ? null : deadline) : await after(from, escalation_hours, times),
    remindAt: reminder_hours === undefined ? null : await after(from, reminder_hours, times),
    reminders: 0,
  };
}

/** After a reminder, the next one: what was missed meanwhile is not made up for. */
export async function nextReminder(
  { remindAt, reminders }: ApprovalTimers,
  { times, now, after }: { times: ApprovalTimes | undefined; now: number; after: HoursAfter },
): Promise<Pick<ApprovalTimers, 'remindAt' | 'reminders'>> {
  if (!times || remindAt === null) return { remindAt: null, reminders };
  const { reminder_hours } = times;
  if (reminder_hours === undefined || reminder_hours <= 0) return { remindAt: null, reminders: reminders + 1 };
  const next = await after(remindAt, reminder_hours, times);
  return { remindAt: next > now ? next : await after(now, reminder_hours, times), reminders: reminders + 1 };
}

/** What is due first, and when. Of what is due already, the most urgent: what expires is not escalated any more. */
export function nextDue(timers: ApprovalTimers, now: number): { due: Due; at: number } | null {
  const all = IN_ORDER.flatMap((due) => {
    const at = { expire: timers.expireAt, escalate: timers.escalateAt, remind: timers.remindAt }[due];
    return at === null ? [] : [{ due, at }];
  });
  return (
    all.find(({ at }) => at <= now) ??
    all.reduce<(typeof all)[number] | null>((first, one) => (first === null || one.at < first.at ? one : first), null)
  );
}

/** Where every hour counts. */
export const anyHoursAfter = (from: number, hours: number): number => Math.round(from + hours * HOUR_MS);
