import { type Result } from './result.js';

const HEAD = ['name', 'p50', 'p99', 'unit', 'against', 'its p50', 'ratio', 'goal', ''];
/** Columns of numbers, set to the right. */
const NUMBERS = new Set([1, 2, 5, 6]);

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const verdict = (met: boolean): string => (met ? 'met' : 'NOT MET');

/** The results for people: a line each, then what else was promised. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ entry, goal }) => [
    entry.name,
    digits(entry.p50),
    digits(entry.p99),
    entry.unit,
    entry.against,
    digits(entry.against_p50),
    entry.ratio.toFixed(2),
    goal?.says ?? '',
    goal ? verdict(goal.met) : '',
  ]);
  const widths = HEAD.map((head, column) => Math.max(...[HEAD, ...rows].map((row) => (row[column] ?? head).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return NUMBERS.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const besides = results.flatMap(({ entry, besides: others }) =>
    others.map(
      ({ name, p50, ratio }) => `${entry.name} beside ${name}: ${digits(p50)} ${entry.unit}, ratio ${ratio.toFixed(2)}`,
    ),
  );
  const promised = results
    .flatMap(({ figures, limit }) => [...figures, ...(limit ? [limit] : [])])
    .map(({ says, met }) => `${says}: ${verdict(met)}`);
  const more = [...besides, ...promised];
  return [line(HEAD), ...rows.map(line), ...(more.length > 0 ? ['', ...more] : [])].join('\n');
}
