import { existsSync, mkdirSync, mkdtempSync, chmodSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A folder of the cache that appears whole or not at all: filled aside, then renamed. When somebody else was quicker,
 * theirs stays.
 */
export async function cachedFolder(folder: string, fill: (aside: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(`${folder}-`);
  try {
    await fill(aside);
    // PostgreSQL runs as another user when this one is root.
    chmodSync(aside, 0o755);
    if (!existsSync(folder)) renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}
