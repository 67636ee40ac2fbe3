import { type Actor, type FieldError, invalidRequest } from '@aumos/agf-domain';
import { InvalidRuleError, parseRule } from '@aumos/agf-outgoing';
import { AuditRepository, OutgoingRulesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { OutgoingRulesView } from './outgoing-rules.dto.js';

/** Where the tenant's tools may go: of what the platform lets them reach, these and no others. */
@Injectable()
export class ManageOutgoingRules {
  constructor(
    private readonly db: TenantDb,
    private readonly rules: OutgoingRulesRepository,
    private readonly audit: AuditRepository,
  ) {}

  async get(tenantId: string): Promise<OutgoingRulesView> {
    return this.db.run(tenantId, () => this.view());
  }

  /** From the next request on. @param only null: every public address @throws ApiError VALIDATION_ERROR */
  async replace(actor: Actor, only: string[] | null): Promise<OutgoingRulesView> {
    const hosts = only && [...new Set(only)];
    if (hosts) checkRules(hosts);
    return this.db.run(actor.tenant_id, async () => {
      const before = (await this.rules.get())?.only_hosts ?? null;
      if (hosts) await this.rules.put(hosts, actor.sub);
      else await this.rules.remove();
      await this.audit.append({
        actor_id: actor.sub,
        action: 'outgoing_rules.replace',
        resource_type: 'outgoing_rules',
        resource_id: actor.tenant_id,
        outcome: 'allowed',
        details: { only: hosts, before },
      });
      return this.view();
    });
  }

  private async view(): Promise<OutgoingRulesView> {
    const row = await this.rules.get();
    if (!row) return { only: null, updated_by: null, updated_at: null };
    return { only: row.only_hosts, updated_by: row.updated_by, updated_at: row.updated_at.toISOString() };
  }
}

function checkRules(rules: readonly string[]): void {
  const fields = rules.flatMap((rule, i): FieldError[] => {
    try {
      parseRule(rule);
      return [];
    } catch (error) {
      if (error instanceof InvalidRuleError) return [{ field: `only.${String(i)}`, error: error.message }];
      throw error;
    }
  });
  if (fields.length > 0) throw invalidRequest(fields);
}
