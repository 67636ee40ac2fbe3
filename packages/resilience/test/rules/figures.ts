import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the generated sequences did, for the report of a campaign. */
export interface Figures {
  sequences: number;
  commands: number;
  seed: number;
  duration_ms: number;
  /** what happened in them */
  counts: Record<string, number>;
  /** a line each; empty: all came to the same */
  failures: string[];
}

const INT32 = 2 ** 31;

/** One is made where nobody gives one; the figures name it. */
export const seedOfRun = (): number =>
  process.env['AGF_SEED'] === undefined ? Math.floor(Math.random() * INT32) : Number(process.env['AGF_SEED']);

/** A campaign may have so many minutes: what is begun is ended, and nothing more is begun. */
export function isTimeOver(began: number): boolean {
  const minutes = process.env['AGF_MINUTES'];
  return minutes !== undefined && Date.now() - began > Number(minutes) * 60_000;
}

/** Says it on stdout; in a campaign into its folder, too. */
export function report(figures: Figures): void {
  const { sequences, commands, seed, duration_ms, counts } = figures;
  const told = Object.entries(counts).map(([event, count]) => `${event} ${String(count)}`);
  const head = `breaker rules: ${String(sequences)} sequences, ${String(commands)} commands of the seed ${String(seed)} in ${(duration_ms / 1000).toFixed(0)} s`;
  process.stdout.write(`${head}: ${told.join(', ')}\n`);
  const folder = process.env['AGF_CAMPAIGN'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'breaker-rules.json'), JSON.stringify(figures));
}
