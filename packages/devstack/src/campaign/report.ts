import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { print } from '../cli/terminal.js';
import { REPOSITORY } from '../state/places.js';

/** What a campaign did, for people. */
export interface Report {
  title: string;
  /** does the same again */
  command: string;
  duration_ms: number;
  says: string;
  facts: [name: string, value: string][];
  /** heads the counts */
  counted: string;
  /** what the counts are; default: times */
  unit?: string;
  counts: Record<string, number | string>;
  failures: string[];
}

const FOLDER = 'docs/reports';
const SHOWN = 5;

/** The commit, and whether something was changed since. */
function versionNow(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--exclude=*'];
    return execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/** What runs: whatever is committed meanwhile. */
const VERSION = versionNow();

const table = (head: [string, string], rows: [string, string][]): string => {
  const widths = [0, 1].map((column) => Math.max(...[head, ...rows].map((row) => row[column as 0 | 1].length)));
  const line = (cells: [string, string]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule: [string, string] = ['-'.repeat(widths[0] ?? 0), '-'.repeat(widths[1] ?? 0)];
  return [line(head), line(rule), ...rows.map(line)].join('\n');
};

/** @param date when it ended */
export function textOf(report: Report, date: Date): string {
  const { title, command, duration_ms, says, facts, counted, unit = 'times', counts, failures } = report;
  const rows: [string, string][] = [
    ['date', date.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
    ['version', VERSION],
    ['Node', process.version],
    ['cores', String(cpus().length)],
    ['duration', durationOf(duration_ms)],
    ...facts,
  ];
  const counting = Object.entries(counts).map(([name, count]): [string, string] => [name, String(count)]);
  const shown = failures.slice(0, SHOWN).map((failure) => `\`\`\`\n${failure}\n\`\`\``);
  const parts = [
    `# ${title}`,
    says,
    `Written by \`${command}\`.`,
    table(['what', 'value'], rows),
    ...(counting.length > 0 ? [`${counted}:`, table(['what', unit], counting)] : []),
    ...(shown.length > 0 ? ['## Failures', ...shown] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Replaces the report of that name. */
export function writeReport(name: string, report: Report): void {
  const file = join(FOLDER, `${name}.md`);
  mkdirSync(join(REPOSITORY, FOLDER), { recursive: true });
  writeFileSync(join(REPOSITORY, file), textOf(report, new Date()));
  print('campaign', `wrote ${file}`);
}
