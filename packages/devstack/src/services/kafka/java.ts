import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Places } from '../../state/places.js';

/** One broker for one person: small heap, the quick compiler only. */
export const JAVA_FLAGS = [
  '-Xms64m',
  '-Xmx256m',
  '-Xss512k',
  '-XX:MaxMetaspaceSize=128m',
  '-XX:ReservedCodeCacheSize=48m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
] as const;

const QUIET = ['-Xshare:auto', '-Xlog:cds=off', '-Xlog:cds+dynamic=off'] as const;
const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
const archiveOf = ({ cache }: Places, jars: string): string => join(cache, `kafka-${short(jars)}.jsa`);
/** Each system writes its own, so two that run at once do not mix. */
const newArchiveOf = (places: Places, jars: string): string => `${archiveOf(places, jars)}.${short(places.home)}`;

/** The archive of loaded classes halves the start. The first broker writes one at its end. */
export function classArchiveFlags(places: Places, jars: string): string[] {
  const archive = archiveOf(places, jars);
  if (existsSync(archive)) return [...QUIET, `-XX:SharedArchiveFile=${archive}`];
  rmSync(newArchiveOf(places, jars), { force: true });
  return [...QUIET, `-XX:ArchiveClassesAtExit=${newArchiveOf(places, jars)}`];
}

/** Takes the archive over, once the broker ended by itself and so wrote it to its end. */
export function keepClassArchive(places: Places, jars: string): void {
  if (existsSync(newArchiveOf(places, jars))) renameSync(newArchiveOf(places, jars), archiveOf(places, jars));
}
