import {
  type Actor,
  type BusinessHours,
  type FieldError,
  invalidRequest,
  isCalendarDay,
  isTimeZone,
} from '@aumos/agf-domain';
import { AuditRepository, BusinessHoursRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { BusinessHoursView } from './business-hours.dto.js';

/** Which hours count in the tenant's gates that say `tenant`. What is pending keeps the hours it was asked with. */
@Injectable()
export class ManageBusinessHours {
  constructor(
    private readonly db: TenantDb,
    private readonly hours: BusinessHoursRepository,
    private readonly audit: AuditRepository,
  ) {}

  async get(tenantId: string): Promise<BusinessHoursView> {
    return this.db.run(tenantId, () => this.view());
  }

  /** @param asked null: every hour counts @throws ApiError VALIDATION_ERROR */
  async replace(actor: Actor, asked: BusinessHours | null): Promise<BusinessHoursView> {
    const hours = asked && checked(asked);
    return this.db.run(actor.tenant_id, async () => {
      const before = (await this.hours.get())?.hours ?? null;
      if (hours) await this.hours.put(hours, actor.sub);
      else await this.hours.remove();
      await this.audit.append({
        actor_id: actor.sub,
        action: 'business_hours.replace',
        resource_type: 'business_hours',
        resource_id: actor.tenant_id,
        outcome: 'allowed',
        details: { business_hours: { ...hours }, before: { ...before } },
      });
      return this.view();
    });
  }

  private async view(): Promise<BusinessHoursView> {
    const row = await this.hours.get();
    if (!row) return { business_hours: null, updated_by: null, updated_at: null };
    return { business_hours: row.hours, updated_by: row.updated_by, updated_at: row.updated_at.toISOString() };
  }
}

/** What no single member shows: a time zone, an order, days of the calendar. */
function checked({ time_zone, days, from, to, holidays }: BusinessHours): BusinessHours {
  const fields: FieldError[] = [];
  const field = (name: string, error: string): void => {
    fields.push({ field: `business_hours.${name}`, error });
  };
  if (!isTimeZone(time_zone)) field('time_zone', 'must be the IANA name of a time zone');
  if (to <= from) field('to', 'must be after `from`');
  holidays?.forEach((day, i) => {
    if (!isCalendarDay(day)) field(`holidays.${String(i)}`, 'must be a day of the calendar');
  });
  if (fields.length > 0) throw invalidRequest(fields);
  return { time_zone, days: days.toSorted(), from, to, ...(holidays ? { holidays: [...new Set(holidays)] } : {}) };
}
