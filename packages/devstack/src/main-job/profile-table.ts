/** A column of the profile that the tool `csv_profile` gives. */
interface ProfiledColumn {
  name: string;
  type: string;
  nulls: number;
  distinct: number;
  min: unknown;
  max: unknown;
  quantiles: { p25: number | null; p50: number | null; p75: number | null } | null;
  outliers: { count: number } | null;
}

export interface Profile {
  rows: number;
  columns: ProfiledColumn[];
}

const WIDEST = 20;
const TITLES = ['column', 'type', 'nulls', 'distinct', 'min', 'p25', 'p50', 'p75', 'max', 'outliers'];
const NUMBERS = new Set(['nulls', 'distinct', 'p25', 'p50', 'p75', 'outliers']);

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    typeof value === 'number'
      ? String(Number(value.toPrecision(6)))
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

const cells = (column: ProfiledColumn): string[] => {
  const { quantiles, outliers } = column;
  const values = [column.min, quantiles?.p25, quantiles?.p50, quantiles?.p75, column.max, outliers?.count];
  return [column.name, column.type, column.nulls, column.distinct, ...values].map(shown);
};

/** One line a column, aligned; for a terminal. */
export function profileTable({ columns }: Profile): string[] {
  const lines = [TITLES, ...columns.map(cells)];
  const widths = TITLES.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const aligned = (line: string[]): string =>
    line
      .map((cell, i) => (NUMBERS.has(TITLES[i] ?? '') ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return lines.map(aligned);
}
