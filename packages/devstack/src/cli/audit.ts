import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type AuditHead,
  auditHeadLine,
  type AuditReport,
  AuditVerification,
  canonicalJson,
  readAuditLine,
} from '@aumos/agf-domain';
import { linesIn } from './lines-in.js';
import { UsageError } from './usage.js';

const USAGE = `npm run audit -- verify FILE [options]    whether an export of GET /audit/export is whole; needs no service
  --checkpoint FILE     a head that was kept: also whether the chain was rewritten or cut since
  --json                the report as JSON
Exit code 0: whole; 1: something was edited, deleted, reordered, inserted, truncated; 2: nothing could be verified.`;

/** Where it says what it found, line by line. */
interface Io {
  print(line: string): void;
  complain(line: string): void;
}
const TERMINAL: Io = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};

/** @returns 0: whole, 1: not, 2: the command makes no sense */
export async function audit(args: string[], io = TERMINAL): Promise<number> {
  try {
    return await verify(args, io);
  } catch (error) {
    if (!(error instanceof UsageError) && !String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS'))
      throw error;
    io.complain((error as Error).message);
    return 2;
  }
}

async function verify(args: string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { checkpoint: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [command, file, ...more] = positionals;
  if (command !== 'verify' || file === undefined || more.length > 0) throw new UsageError(USAGE);
  const checkpoint = values.checkpoint === undefined ? undefined : await headIn(values.checkpoint);
  const report = await reportOn(file, checkpoint);
  for (const line of values.json ? [JSON.stringify(report)] : linesOf(report, checkpoint)) io.print(line);
  return report.finding ? 1 : 0;
}

const place = (file: string): string => resolve(process.env['INIT_CWD'] ?? '.', file);

/** However it is written: the head's line of an export, or what GET /audit/head answered. */
async function headIn(file: string): Promise<AuditHead> {
  const text = await readFile(place(file), 'utf8').catch(() => {
    throw new UsageError(`${file} cannot be read`);
  });
  try {
    const read = readAuditLine(canonicalJson(JSON.parse(text)));
    if (read && 'head' in read) return read.head;
  } catch {
    // Not even JSON.
  }
  throw new UsageError(`${file} holds no head`);
}

async function reportOn(file: string, checkpoint: AuditHead | undefined): Promise<AuditReport> {
  const verification = new AuditVerification(checkpoint);
  try {
    for await (const line of linesIn(place(file))) verification.take(line);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return verification.end();
}

function linesOf({ tenant_id, first, verified, head, finding }: AuditReport, checkpoint?: AuditHead): string[] {
  const read = first === null ? 'no entry' : `${String(verified)} entries from position ${String(first)}`;
  const about = `tenant ${tenant_id ?? 'unknown'}: ${read}`;
  if (finding) {
    const { kind, position, message } = finding;
    return [`${about} are whole`, `BROKEN at position ${String(position)}: ${kind.replaceAll('_', ' ')}: ${message}`];
  }
  const against = checkpoint
    ? `agrees with the checkpoint of position ${String(checkpoint.position)}`
    : 'without a checkpoint this does not show whether the whole chain was rewritten, or its end and its head cut off';
  return [`${about}`, `whole; ${against}`, ...(head ? [`keep as a checkpoint: ${auditHeadLine(head)}`] : [])];
}
