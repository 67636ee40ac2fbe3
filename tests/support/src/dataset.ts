import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';

export interface Dataset {
  name: string;
  csv: string;
  header: string[];
  /** cells as the file has them; null where they are empty */
  rows: (string | null)[][];
}

const folder = (): string => join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data');

/** A CSV file of the public package vega-datasets. */
export function vegaDataset(file: string): Dataset {
  return datasetOf(file, readFileSync(join(folder(), file), 'utf8'));
}

export function datasetOf(name: string, csv: string): Dataset {
  const [header = [], ...rows] = parse(csv, { bom: true, skip_empty_lines: true });
  return { name, csv, header, rows: rows.map((row) => row.map((cell) => (cell === '' ? null : cell))) };
}

/** A file of so many rows, each different: `id` counts from 1. */
export function numberedRows(count: number): string {
  const lines = ['id,label,value'];
  for (let id = 1; id <= count; id++) lines.push(`${String(id)},row ${String(id)},${String((id * 7919) % 10_007)}.25`);
  return `${lines.join('\n')}\n`;
}
