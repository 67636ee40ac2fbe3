import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a run did, for the report of a campaign. */
export interface Figures {
  seeds: number;
  /** the first; the others follow it */
  seed: number;
  duration_ms: number;
  /** what was done, and what happened */
  counts: Record<string, number>;
  /** a paragraph a seed; empty: all was as it must be */
  failures: string[];
}

const INT32 = 2 ** 31;

/** One is made where nobody gives one; the figures name it. */
export const seedOfRun = (): number =>
  process.env['AGF_SEED'] === undefined ? Math.floor(Math.random() * INT32) : Number(process.env['AGF_SEED']);

/** CI's is the default. */
export const seedsOfRun = (usual: number): number => Number(process.env['AGF_BREAKER_SEEDS'] ?? usual);

/** Says it on stderr, which a campaign leaves to people; in a campaign into its folder, too. */
export function report(figures: Figures): void {
  const { seeds, seed, duration_ms, counts, failures } = figures;
  const told = Object.entries(counts).map(([event, count]) => `${event} ${String(count)}`);
  const head = `breakers: ${String(seeds)} seeds from ${String(seed)} in ${(duration_ms / 1000).toFixed(0)} s`;
  process.stderr.write(`${head}: ${told.join(', ')}\n${failures.map((failure) => `${failure}\n`).join('')}`);
  const folder = process.env['AGF_CAMPAIGN'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'breakers.json'), JSON.stringify(figures));
}
