import type { BusinessHours } from '@aumos/agf-domain';
import type { Deadline, DeadlineAsked } from '../common/index.js';
import { addBusinessHours } from './add-business-hours.js';

/**
 * When so many of the hours that count are over.
 * @param ofTenant what the tenant has set; null: every hour counts
 */
export async function deadlineOf(
  { from, hours, business_hours }: DeadlineAsked,
  ofTenant: () => Promise<BusinessHours | null>,
): Promise<Deadline> {
  const counted = business_hours === 'tenant' ? await ofTenant() : business_hours;
  const start = Date.parse(from);
  const at = counted ? addBusinessHours(start, hours, counted) : Math.round(start + hours * 3_600_000);
  return { at: new Date(at).toISOString(), business_hours: counted };
}
