import { type CellType } from './cell-type.js';

export type ColumnType = 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'string' | 'empty';

/** What the cells of a column were so far; the column's type is the narrowest that all of them have. */
export class ColumnTypes {
  readonly #seen = new Set<CellType>();

  add(type: CellType): void {
    this.#seen.add(type);
  }

  get type(): ColumnType {
    const [only = 'empty', second, third] = this.#seen;
    if (second === undefined) return only === 'zoned' ? 'datetime' : only;
    const numeric = third === undefined && this.#seen.has('integer') && this.#seen.has('number');
    return numeric ? 'number' : 'string';
  }

  /** of a datetime column: whether its cells name their offset */
  get zoned(): boolean {
    return this.#seen.has('zoned');
  }
}
