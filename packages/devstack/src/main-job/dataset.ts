import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Cell = string | number | boolean | null;

const quoted = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180: a header line of the first record's members, an absent or null one is empty. */
export function toCsv(records: readonly Record<string, Cell>[]): string {
  const names = Object.keys(records[0] ?? {});
  const lines = records.map((record) => names.map((name) => quoted(record[name] ?? null)).join(','));
  return [names.map(quoted).join(','), ...lines, ''].join('\r\n');
}

export interface Dataset {
  name: string;
  csv: string;
  /** without the header */
  rows: number;
}

/** 406 cars of the years 1970 to 1982, with gaps: `cars` of the public package vega-datasets (StatLib, 1983), as CSV. */
export function carsDataset(): Dataset {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  const file = join(dirname(entry), '../data/cars.json');
  const records = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Cell>[];
  return { name: 'cars.csv', csv: toCsv(records), rows: records.length };
}
