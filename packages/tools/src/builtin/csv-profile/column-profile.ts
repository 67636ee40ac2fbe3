import { type Json } from '@aumos/agf-domain';
import { cellType, timeOf, trimmed } from '../../csv/cell-type.js';
import { type ColumnType, ColumnTypes } from '../../csv/column-type.js';
import { DistinctCounter } from './distinct-counter.js';
import { NumberSummary } from './number-summary.js';
import { shown } from './shown.js';

/** What a column may keep, so that all columns together stay bounded. */
export interface ColumnLimits {
  numbers: number;
  distinct: number;
}

export const columnLimits = (columns: number): ColumnLimits => ({
  numbers: Math.max(1_000, Math.min(100_000, Math.floor(2_000_000 / columns))),
  distinct: Math.max(500, Math.min(20_000, Math.floor(1_000_000 / columns))),
});

/** One column while its cells stream by. */
export class ColumnProfile {
  readonly #types = new ColumnTypes();
  readonly #distinct: DistinctCounter;
  #numbers: NumberSummary | null;
  #nulls = 0;
  #times: { min: number; max: number } = { min: Infinity, max: -Infinity };
  #texts: { min: string; max: string } | null = null;
  readonly #booleans = { min: true, max: false };

  constructor(
    private readonly name: string,
    limits: ColumnLimits,
  ) {
    this.#distinct = new DistinctCounter(limits.distinct);
    this.#numbers = new NumberSummary(limits.numbers);
  }

  add(cell: string | null): void {
    if (cell === null) return void this.#nulls++;
    this.#distinct.add(cell);
    if (!this.#texts) this.#texts = { min: cell, max: cell };
    else if (cell < this.#texts.min) this.#texts.min = cell;
    else if (cell > this.#texts.max) this.#texts.max = cell;
    const type = cellType(cell);
    this.#types.add(type);
    if (type === 'integer' || type === 'number') this.#numbers?.add(Number(cell));
    else if (type === 'string') this.#numbers = null;
    else if (type === 'boolean') this.#addBoolean(trimmed(cell).toLowerCase() === 'true');
    else this.#addTime(timeOf(cell));
  }

  result(): Record<string, Json> {
    const type = this.#types.type;
    const numbers = type === 'integer' || type === 'number' ? this.#numbers : null;
    return {
      name: shown(this.name),
      type,
      nulls: this.#nulls,
      distinct: this.#distinct.count,
      distinct_estimated: !this.#distinct.exact,
      ...this.#range(type),
      ...(numbers?.result() ?? { mean: null, quantiles: null, quantiles_estimated: false, outliers: null }),
    };
  }

  #range(type: ColumnType): { min: Json; max: Json } {
    switch (type) {
      case 'integer':
      case 'number':
        return { min: this.#numbers?.min ?? null, max: this.#numbers?.max ?? null };
      case 'date':
      case 'datetime':
        return { min: this.#time(type, this.#times.min), max: this.#time(type, this.#times.max) };
      case 'boolean':
        return { ...this.#booleans };
      case 'string':
        return { min: shown(this.#texts?.min ?? ''), max: shown(this.#texts?.max ?? '') };
      case 'empty':
        return { min: null, max: null };
    }
  }

  #time(type: 'date' | 'datetime', ms: number): string {
    const text = new Date(ms).toISOString();
    if (type === 'date') return text.slice(0, 10);
    return this.#types.zoned ? text : text.slice(0, -1);
  }

  #addBoolean(value: boolean): void {
    this.#booleans.min &&= value;
    this.#booleans.max ||= value;
  }

  #addTime(ms: number): void {
    if (ms < this.#times.min) this.#times.min = ms;
    if (ms > this.#times.max) this.#times.max = ms;
  }
}
