import type { AgentLimits } from '@aumos/agf-domain';
import type { Amount, BudgetLimits } from '@aumos/agf-persistence';
import type { WorkerSettings } from '../config.js';

const MICROS = 1_000_000;

type Settings = Pick<
  WorkerSettings,
  'modelTokensPerDay' | 'modelCostPerDay' | 'modelTokensPerExecution' | 'modelCostPerExecution'
>;

/** The platform's limits, and the agent's own. 0 in a setting is none; an execution has the lesser of both. */
export function budgetLimits(settings: Settings, agent: AgentLimits): BudgetLimits {
  const { modelTokensPerDay, modelCostPerDay, modelTokensPerExecution, modelCostPerExecution } = settings;
  return {
    ...within('tenant', [modelTokensPerDay], [modelCostPerDay]),
    ...within('agent', [agent.tokens_per_day], [agent.cost_per_day]),
    ...within('execution', [modelTokensPerExecution, agent.tokens_per_execution], [modelCostPerExecution]),
  };
}

function within(
  scope: keyof BudgetLimits,
  tokens: readonly (number | undefined)[],
  costs: readonly (number | undefined)[],
): BudgetLimits {
  const [most, dearest] = [least(tokens), least(costs)];
  const limits: Partial<Amount> = {
    ...(most === undefined ? {} : { tokens: most }),
    ...(dearest === undefined ? {} : { cost_micros: Math.floor(dearest * MICROS) }),
  };
  return Object.keys(limits).length > 0 ? { [scope]: limits } : {};
}

function least(limits: readonly (number | undefined)[]): number | undefined {
  const set = limits.filter((limit) => limit !== undefined && limit > 0) as number[];
  return set.length > 0 ? Math.min(...set) : undefined;
}
