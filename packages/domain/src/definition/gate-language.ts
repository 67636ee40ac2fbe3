/** Gates as the language has them; what a tenant's policies of gates share with them. */
import { z } from 'zod';
import { SEPARATED_DUTIES } from '../approval/approval-rule.js';
import { roleOfRef } from '../approval/approver-ref.js';
import { isCalendarDay, isTimeZone } from '../approval/business-hours.js';
import { ROLES } from '../privilege/privilege-level.js';
import { DEFINITION_LIMITS, MAX_SECONDS } from './limits.js';

/** Different deciders that one gate or policy may ask for. */
const MOST_DECIDERS = 100;
const MOST_APPROVERS = 50;
const MOST_STAGES = 10;
const MOST_HOLIDAYS = 1_000;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const END_OF_DAY = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const label = z.string().min(1).max(128);
const expression = z.string().min(1).max(DEFINITION_LIMITS.expressionBytes);
const deciders = z.int().min(1).max(MOST_DECIDERS);

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const isRef = (ref: string): boolean => {
  const role = roleOfRef(ref);
  return role === null || (ROLES as readonly string[]).includes(role);
};
/** No name: what is wrong with it is said as of a value. */
const formed = (pattern: RegExp, problem: string): z.ZodString =>
  z
    .string()
    .refine((text) => pattern.test(text), problem)
    .meta({ pattern: pattern.source });

export const hoursSchema = z
  .number()
  .positive()
  .max(MAX_SECONDS / 3_600);

export const approversSchema = z
  .array(label.refine(isRef, `names no role: role: is followed by one of ${ROLES.join(', ')}`))
  .min(1)
  .max(MOST_APPROVERS)
  .refine(distinct, 'names somebody twice');

export const decidersSchema = deciders;

export const stagesSchema = z
  .array(
    z.strictObject({ name: label, approvers: approversSchema.optional(), approvals_required: deciders.optional() }),
  )
  .min(1)
  .max(MOST_STAGES)
  .refine((stages) => distinct(stages.map(({ name }) => name)), 'has two stages of one name');

const businessHoursSchema = z
  .strictObject({
    time_zone: z.string().min(1).max(64).refine(isTimeZone, 'is no IANA time zone'),
    days: z.array(z.int().min(1).max(7)).min(1).max(7).refine(distinct, 'names a day twice'),
    from: formed(TIME, 'is no time of the form HH:MM'),
    to: formed(END_OF_DAY, 'is no time of the form HH:MM'),
    holidays: z
      .array(formed(DATE, 'is no day of the form YYYY-MM-DD').refine(isCalendarDay, 'is no day of the calendar'))
      .max(MOST_HOLIDAYS)
      .optional(),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' });

export const gateSchema = z.strictObject({
  gate_name: label,
  trigger_condition: expression.optional(),
  approval_timeout_hours: hoursSchema.optional(),
  escalation_policy: label.optional(),
  auto_reject_on_timeout: z.boolean().optional(),
  approvals_required: deciders.optional(),
  approvers: approversSchema.optional(),
  stages: stagesSchema.optional(),
  separation_of_duties: z.array(z.enum(SEPARATED_DUTIES)).refine(distinct, 'names one twice').optional(),
  allow_standing: z.boolean().optional(),
  reminder_hours: hoursSchema.optional(),
  escalation_hours: hoursSchema.optional(),
  escalate_to: approversSchema.optional(),
  escalated_approvals_required: deciders.optional(),
  business_hours: z
    .union([z.literal('tenant'), businessHoursSchema], { error: 'must be tenant, or the hours themselves' })
    .optional(),
});
