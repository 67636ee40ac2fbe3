import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns the full path of a program on the PATH, or in one of `alsoIn` */
export function findProgram(name: string, alsoIn: readonly string[] = []): string | undefined {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), ...alsoIn].filter(Boolean)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not here
    }
  }
  return undefined;
}
