import { readFileSync } from 'node:fs';
import { type LocalFile } from '@aumos/agf-devstack';

/** Where the system under measurement is. @throws when nobody started one for this run */
export function localSystem(): LocalFile {
  const file = process.env['AGF_LOCAL'];
  if (!file) throw new Error('AGF_LOCAL is not set: run `npm run bench`, which starts the system');
  return JSON.parse(readFileSync(file, 'utf8')) as LocalFile;
}
