import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppName } from '@aumos/agf-devstack';

/** One line of an app's log. */
export type LogLine = Record<string, unknown> & { level: string; time: string; message?: string };

const isLine = (value: unknown): value is LogLine =>
  typeof value === 'object' && value !== null && 'level' in value && 'time' in value;

/** What the app has logged so far, over all its lives. What is no line of JSON is left out. */
export function logOf(home: string, app: AppName): LogLine[] {
  const file = join(home, 'logs', `${app}.log`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return isLine(value) ? [value] : [];
      } catch {
        return [];
      }
    });
}
