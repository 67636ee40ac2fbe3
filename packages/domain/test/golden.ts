import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The committed text of that name. It is written where it is missing, or with UPDATE_GOLDEN=1; else it has to agree. */
export const golden = (name: string, text: string): string => {
  const file = path.resolve(import.meta.dirname, 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1' || (!existsSync(file) && !process.env['CI'])) writeFileSync(file, text);
  return readFileSync(file, 'utf8');
};
