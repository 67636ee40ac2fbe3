import { Injectable } from '@nestjs/common';
import { BudgetReservationEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { HELD, HOLD, USE } from './budgets.sql.js';

/** A tenant's and an agent's budget is of a day (UTC), an execution's of all of it, those below it included. */
export const BUDGET_SCOPES = ['tenant', 'agent', 'execution'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

export interface Amount {
  tokens: number;
  /** millionths of the unit that prices have */
  cost_micros: number;
}
/** One turn of a model. */
export interface BudgetTurn {
  execution_id: string;
  node: string;
  visit: number;
  agent_id: string;
  root_execution_id: string;
}
/** Absent: no limit. */
export type BudgetLimits = Partial<Record<BudgetScope, Partial<Amount>>>;

/** What would be more than there is. */
export interface Exceeded {
  scope: BudgetScope;
  unit: keyof Amount;
  limit: number;
  /** and held by turns that are under way */
  used: number;
}

type Sums = Partial<Record<BudgetScope, Amount>>;
const UNITS = ['tokens', 'cost_micros'] as const;

/** What models are used for. Every method needs an open tenant scope. */
@Injectable()
export class BudgetsRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * Holds what a turn needs, until it is settled or released, or so many seconds. Of many at once no more are held than
   * the limits let. @returns what is exceeded: then nothing is held
   */
  async reserve(turn: BudgetTurn, need: Amount, limits: BudgetLimits, seconds: number): Promise<Exceeded | null> {
    await this.release(turn);
    const limited = BUDGET_SCOPES.filter((scope) => limits[scope] !== undefined);
    const used = await this.used(turn, limited);
    const held = await this.held(turn);
    for (const scope of limited)
      for (const unit of UNITS) {
        const limit = limits[scope]?.[unit];
        const taken = (used[scope]?.[unit] ?? 0) + (held[scope]?.[unit] ?? 0);
        if (limit !== undefined && taken + need[unit] > limit) return { scope, unit, limit, used: taken };
      }
    const row = JSON.stringify({ ...turn, ...need });
    await this.db.em.query(HOLD, [this.db.tenantId, row, seconds]);
    return null;
  }

  /** What a turn really used, in place of what it held. */
  async settle(turn: BudgetTurn, { tokens, cost_micros }: Amount): Promise<void> {
    await this.release(turn);
    await this.db.em.query(USE, [this.db.tenantId, this.scopesOf(turn, BUDGET_SCOPES), tokens, cost_micros]);
  }

  /** It used nothing. */
  async release({ execution_id, node, visit }: BudgetTurn): Promise<void> {
    await this.db.em.delete(BudgetReservationEntity, { execution_id, node, visit });
  }

  private async used(turn: BudgetTurn, scopes: readonly BudgetScope[]): Promise<Sums> {
    if (scopes.length === 0) return {};
    return this.sums(USE, [this.db.tenantId, this.scopesOf(turn, scopes), 0, 0]);
  }

  private held({ agent_id, root_execution_id }: BudgetTurn): Promise<Sums> {
    return this.sums(HELD, [agent_id, root_execution_id]);
  }

  private async sums(text: string, values: unknown[]): Promise<Sums> {
    const rows = await this.db.em.query<(Amount & { scope: BudgetScope })[]>(text, values);
    return Object.fromEntries(rows.map(({ scope, ...amount }) => [scope, amount]));
  }

  private scopesOf({ agent_id, root_execution_id }: BudgetTurn, scopes: readonly BudgetScope[]): string {
    const ids = { tenant: this.db.tenantId, agent: agent_id, execution: root_execution_id };
    return JSON.stringify(scopes.map((scope) => ({ scope, scope_id: ids[scope] })));
  }
}
