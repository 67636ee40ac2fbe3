import { describe, expect, it } from '@jest/globals';
import { budgetLimits } from '../src/model-call/budget-limits.js';
import { costOf, pricesOf } from '../src/model-call/model-prices.js';

describe('what a turn costs', () => {
  const prices = pricesOf(['small=0.15/0.6', 'a=b=3/15', '*=1/2']);
  it.each([
    ['small', 1_000_000, 0, 150_000],
    ['small', 0, 1_000_000, 600_000],
    ['small', 1, 0, 1],
    ['a=b', 10, 10, 180],
    ['other', 10, 10, 30],
    [null, 10, 10, 30],
  ])('by %s for %i and %i tokens is %i millionths', (model, input_tokens, output_tokens, micros) => {
    expect(costOf(prices, model, { input_tokens, output_tokens })).toBe(micros);
  });

  it('is nothing where no price says so', () => {
    expect(costOf(pricesOf([]), 'small', { input_tokens: 10, output_tokens: 10 })).toBe(0);
  });
});

describe('limits', () => {
  const none = { modelTokensPerDay: 0, modelCostPerDay: 0, modelTokensPerExecution: 0, modelCostPerExecution: 0 };
  it('are none where nobody sets one, and the lesser where two do', () => {
    expect(budgetLimits(none, {})).toEqual({});
    const agent = { tokens_per_execution: 500, tokens_per_day: 1_000, cost_per_day: 0.5 };
    expect(budgetLimits({ ...none, modelTokensPerExecution: 800, modelCostPerDay: 2 }, agent)).toEqual({
      tenant: { cost_micros: 2_000_000 },
      agent: { tokens: 1_000, cost_micros: 500_000 },
      execution: { tokens: 500 },
    });
  });
});
