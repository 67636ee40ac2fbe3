import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a suite of generated cases did, for the report of a campaign; its own members beside these. */
export interface Figures {
  seed: number;
  duration_ms: number;
  /** what was done to the cases, and what happened in them */
  counts: Record<string, number>;
  /** a line or a paragraph each; empty: all came to what was expected */
  failures: string[];
}

const INT32 = 2 ** 31;

/** One is made where nobody gives one; the figures name it. */
export const seedOfRun = (): number =>
  process.env['AGF_SEED'] === undefined ? Math.floor(Math.random() * INT32) : Number(process.env['AGF_SEED']);

/** A number from the surroundings. CI's is the default. */
export const sizeOfRun = (name: string, usual: number): number => Number(process.env[name] ?? usual);

/** A campaign may have so many minutes: what is begun is ended, and nothing more is begun. */
export function isTimeOver(began: number): boolean {
  const minutes = process.env['AGF_MINUTES'];
  return minutes !== undefined && Date.now() - began > Number(minutes) * 60_000;
}

/**
 * Says it on stderr, which a campaign leaves to people; in a campaign into its folder, too.
 * @param name of the file
 * @param head what was done, as `breakers: 8 seeds from 3`
 */
export function report(name: string, head: string, figures: Figures): void {
  const { duration_ms, counts } = figures;
  const told = Object.entries(counts).map(([event, count]) => `${event} ${String(count)}`);
  process.stderr.write(`${head} in ${(duration_ms / 1000).toFixed(0)} s: ${told.join(', ')}\n`);
  const folder = process.env['AGF_CAMPAIGN'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(figures));
}
