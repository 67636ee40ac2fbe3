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
    const limited = BUDGET_SCOPES.filter((scope) => limits[scope] !== undefined);
    const exceeded = limited.length > 0 ? await this.exceeded(turn, need, limits, limited) : null;
    if (exceeded) await this.release(turn);
    else await this.db.em.query(HOLD, [this.db.tenantId, JSON.stringify({ ...turn, ...need }), seconds]);
    return exceeded;
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

  /** Under the locks of the limited scopes: nobody else holds any of them meanwhile. */
  private async exceeded(
    turn: BudgetTurn,
    need: Amount,
    limits: BudgetLimits,
    limited: readonly BudgetScope[],
  ): Promise<Exceeded | null> {
    const { execution_id, node, visit, agent_id, root_execution_id } = turn;
    const used = await this.sums(USE, [this.db.tenantId, this.scopesOf(turn, limited), 0, 0]);
    const held = await this.sums(HELD, [agent_id, root_execution_id, execution_id, node, visit]);
    for (const scope of limited)
      for (const unit of UNITS) {
        const limit = limits[scope]?.[unit];
        const taken = (used[scope]?.[unit] ?? 0) + (held[scope]?.[unit] ?? 0);
        if (limit !== undefined && taken + need[unit] > limit) return { scope, unit, limit, used: taken };
      }
    return null;
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
