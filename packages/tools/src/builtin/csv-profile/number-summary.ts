import { type Json } from '@aumos/agf-domain';
import { NumberSample } from './number-sample.js';
import { outliersOf, quantile } from './quantiles.js';

const QUANTILES = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 };

/** The numbers of one column. */
export class NumberSummary {
  readonly #sample: NumberSample;
  #sum = 0;
  #lost = 0;
  min = Infinity;
  max = -Infinity;

  constructor(capacity: number) {
    this.#sample = new NumberSample(capacity);
  }

  add(value: number): void {
    this.#sample.add(value);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    // Neumaier: what an addition rounds away is kept, so that the mean of millions of values is right.
    const sum = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
  }

  result(): Record<'mean' | 'quantiles' | 'quantiles_estimated' | 'outliers', Json> {
    const sorted = this.#sample.sorted();
    const mean = (this.#sum + this.#lost) / this.#sample.seen;
    return {
      mean: Number.isFinite(mean) ? mean : null,
      quantiles: Object.fromEntries(Object.entries(QUANTILES).map(([name, p]) => [name, quantile(sorted, p)])),
      quantiles_estimated: !this.#sample.exact,
      outliers: outliersOf(sorted, this.#sample.seen),
    };
  }
}
