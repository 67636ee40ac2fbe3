import { type AgentLimits, CallerError, jsonSize } from '@aumos/agf-domain';
import { BUDGET_EXCEEDED, type ModelCall, type ModelUsage } from '@aumos/agf-engine/common';
import { type Amount, BudgetsRepository, type BudgetTurn, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';
import { budgetLimits } from './budget-limits.js';
import { modelOf } from './model-endpoint.js';
import { costOf, pricesOf } from './model-prices.js';
import type { Message } from './transcript.js';

/** Of an answer, where its agent sets no limit. */
const ANSWER_TOKENS = 4_096;
/** A token has rarely fewer: what is held is more than what is used, as a rule. */
export const BYTES_A_TOKEN = 3;
/** After the turn's own time: whoever held it is gone. */
const GRACE_SECONDS = 60;

type Turn = Pick<ModelCall, 'ref' | 'agent' | 'node' | 'visit'>;

interface Used {
  input_tokens: number;
  output_tokens: number;
}

/** What one turn holds until its end is known. */
export interface Held {
  turn: BudgetTurn;
  model: string | null;
  need: Amount;
}

/** Tokens and their cost: held before a model is asked, and settled by what it says it used. */
@Injectable()
export class ModelBudget {
  private readonly prices: ReturnType<typeof pricesOf>;

  constructor(
    private readonly db: TenantDb,
    private readonly budgets: BudgetsRepository,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {
    this.prices = pricesOf(settings.modelPrices ?? []);
  }

  /** @param limits of the agent, as it is now @throws CallerError BUDGET_EXCEEDED */
  async hold(call: ModelCall, messages: readonly Message[], limits: AgentLimits): Promise<Held> {
    const held = this.heldOf(call, messages);
    await this.reserve(call.ref.tenant_id, held, { limits, seconds: call.timeout_seconds });
    return held;
  }

  /** The same of any work. @param limits of the agent that does it; none has `{}` @throws CallerError BUDGET_EXCEEDED */
  async holdFor(
    tenantId: string,
    turn: BudgetTurn,
    { model, used, ...within }: { model: string | null; used: Used; limits: AgentLimits; seconds: number },
  ): Promise<Held> {
    const held = { turn, model, need: this.amountOf(model, used) };
    await this.reserve(tenantId, held, within);
    return held;
  }

  private async reserve(
    tenantId: string,
    { turn, need }: Held,
    { limits, seconds }: { limits: AgentLimits; seconds: number },
  ): Promise<void> {
    const within = budgetLimits(this.settings, limits);
    const until = seconds + GRACE_SECONDS;
    const exceeded = await this.db.run(tenantId, () => this.budgets.reserve(turn, need, within, until));
    if (!exceeded) return;
    const { scope, unit, limit } = exceeded;
    const what = unit === 'tokens' ? `${String(limit)} tokens` : `a cost of ${String(limit / 1e6)}`;
    throw new CallerError(BUDGET_EXCEEDED, `the ${scope}'s budget of ${what} leaves too little for this turn`, {
      ...exceeded,
    });
  }

  /** What a turn holds. An executor, which need not have a model, holds what its agent may answer, or next to nothing. */
  heldOf({ ref, agent, node, visit }: Turn, messages: readonly Message[] = []): Held {
    const model = agent.executor ? null : modelOf(agent, this.settings);
    const input_tokens = agent.executor ? 0 : Math.ceil(jsonSize(messages) / BYTES_A_TOKEN);
    const output_tokens = agent.limits.max_tokens ?? (agent.executor ? 1 : ANSWER_TOKENS);
    const turn = {
      ...{ execution_id: ref.execution_id, node, visit, agent_id: agent.id },
      root_execution_id: ref.ancestors?.[0]?.execution_id ?? ref.execution_id,
    };
    return { turn, model, need: this.amountOf(model, { input_tokens, output_tokens }) };
  }

  /** Needs an open tenant scope. Where the endpoint does not say what it used, what was held counts. */
  async settle({ turn, model, need }: Held, { input_tokens, output_tokens }: ModelUsage): Promise<void> {
    const said = input_tokens !== null || output_tokens !== null;
    const used = { input_tokens: input_tokens ?? 0, output_tokens: output_tokens ?? 0 };
    await this.budgets.settle(turn, said ? this.amountOf(model, used) : need);
  }

  /** The turn failed, or was settled by somebody else. */
  async release(tenantId: string, { turn }: Held): Promise<void> {
    await this.db.run(tenantId, () => this.budgets.release(turn));
  }

  private amountOf(model: string | null, used: Used): Amount {
    return { tokens: used.input_tokens + used.output_tokens, cost_micros: costOf(this.prices, model, used) };
  }
}
