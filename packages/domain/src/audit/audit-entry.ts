import { z } from 'zod';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256Hex } from '../canonical/hash.js';
import { type JsonObject } from '../json/json.js';

/** What the first entry of a chain continues. */
export const AUDIT_GENESIS = '0'.repeat(64);

const ID = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const HASH = z.string().regex(/^[0-9a-f]{64}$/);
const ENTRY = z.strictObject({
  tenant_id: ID,
  /** in its tenant's chain; from 1, without gaps */
  position: z.int().min(1),
  id: ID,
  actor_id: z.string(),
  /** e.g. `approval.approve` */
  action: z.string(),
  resource_type: z.string(),
  resource_id: z.string(),
  outcome: z.enum(['allowed', 'denied']),
  details: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  /** RFC 3339 in UTC, to the microsecond, as the database's clock had it */
  occurred_at: z.string().regex(/^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  /** of the entry before; {@link AUDIT_GENESIS} of the first */
  previous_hash: HASH,
  hash: HASH,
});
const HEAD = z.strictObject({
  head: z.strictObject({ tenant_id: ID, position: z.int().min(0), hash: HASH }),
});

/** One entry of a tenant's chain, as it is exported. */
export type ChainedEntry = z.infer<typeof ENTRY>;
/** The newest entry of a chain: kept elsewhere, a checkpoint that shows what was rewritten or cut off since. */
export type AuditHead = z.infer<typeof HEAD>['head'];

/** SHA-256 of the RFC 8785 form of everything else in the entry. */
export function auditHash({ hash: _, ...entry }: ChainedEntry): string {
  return sha256Hex(canonicalJson(entry));
}

/** The line of an export that holds the entry: canonical, so that no other line says the same. */
export const auditLine = (entry: ChainedEntry): string => canonicalJson(entry);

/** The last line of an export; as a file of its own, a checkpoint. */
export const auditHeadLine = (head: AuditHead): string => canonicalJson({ head });

/** @returns null where the line is not what {@link auditLine} or {@link auditHeadLine} writes */
export function readAuditLine(line: string): { entry: ChainedEntry } | { head: AuditHead } | null {
  const value = canonicalValue(line);
  const entry = ENTRY.safeParse(value);
  if (entry.success) return { entry: entry.data };
  const head = HEAD.safeParse(value);
  return head.success ? head.data : null;
}

/** A value written in another way could say one thing to a reader and another to this program. */
function canonicalValue(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return canonicalJson(value) === line ? value : undefined;
  } catch {
    return undefined;
  }
}
