import type { Role } from '../privilege/privilege-level.js';

/** Who may decide in a stage: a group of the tenant by its name, or `role:<role>`. Any of them; none: whoever may decide at all. */
export type ApproverRef = string;

/** Several are asked in their order: the next once the one before has approved. */
export interface ApprovalStage {
  name: string;
  approvers: ApproverRef[];
  /** different deciders of this stage; nobody counts in two */
  approvals_required: number;
}

/** Who decides as little as who asked: whoever published the version, or decided on an earlier approval of the execution. */
export const SEPARATED_DUTIES = ['publisher', 'earlier_decider'] as const;
export type SeparatedDuty = (typeof SEPARATED_DUTIES)[number];

/** Who must agree. Made from the gate and the tenant's policies when an approval is asked for; kept with it. */
export interface ApprovalRule {
  /** at least one */
  stages: ApprovalStage[];
  separation_of_duties: SeparatedDuty[];
  /** a standing approval may stand in for the deciders: the call's level is 3 at most, and neither gate nor policy forbids it */
  standing_allowed: boolean;
  /** tenant policies that asked for it, by name */
  policies: string[];
}

/**
 * What happens to an approval that nobody decides in time: `notify_admin` tells the admins, `reassign` lets `escalate_to`
 * decide besides, `raise` asks for more deciders.
 */
export const ESCALATION_POLICIES = ['notify_admin', 'reassign', 'raise'] as const;
export type EscalationPolicy = (typeof ESCALATION_POLICIES)[number];

/** Hours of the day that count, in a time zone. */
export interface BusinessHours {
  /** IANA name */
  time_zone: string;
  /** ISO weekdays, 1 Monday to 7 Sunday */
  days: number[];
  /** `HH:MM` */
  from: string;
  /** `HH:MM`, after `from`; `24:00` is the day's end */
  to: string;
  /** `YYYY-MM-DD`: no hour of them counts */
  holidays?: string[];
}

/** When what happens to a pending approval. Hours may be fractional. */
export interface ApprovalTimes {
  /** from the request to its expiry, or to its escalation where it is not rejected by time */
  timeout_hours: number;
  auto_reject: boolean;
  /** to the first reminder, and from one to the next */
  reminder_hours?: number;
  /** to the escalation, before the timeout; absent: at the timeout, unless that rejects */
  escalation_hours?: number;
  escalation_policy: EscalationPolicy;
  escalate_to?: ApproverRef[];
  /** with `raise`: how many must approve from then on */
  escalated_approvals_required?: number;
  /** absent: every hour counts; `tenant`: as the tenant has set */
  business_hours?: BusinessHours | 'tenant';
}

/** People of a tenant who decide: whoever is named, has one of the roles or one of the claims. */
export interface ApproverGroup {
  name: string;
  members: string[];
  roles: Role[];
  /** of the verified token, beyond those that the platform reads itself: `{claim: 'department', value: 'risk'}` */
  claims: { claim: string; value: string }[];
}
