import { AUDIT_GENESIS, auditHash, type AuditHead, type ChainedEntry, readAuditLine } from './audit-entry.js';

export type AuditDamage =
  /** a line, or its link to the one before, is not as it was written */
  | 'edited'
  /** an entry is missing between others */
  | 'deleted'
  /** an entry is there, but later */
  | 'reordered'
  /** an entry that does not belong there */
  | 'inserted'
  /** the end is missing */
  | 'truncated'
  /** an entry of another tenant */
  | 'foreign_tenant'
  /** whole in itself, but not the chain of which the checkpoint was taken */
  | 'rewritten';

export interface AuditFinding {
  kind: AuditDamage;
  /** the first that is not as it should be */
  position: number;
  message: string;
}
export interface AuditReport {
  tenant_id: string | null;
  /** the first position that was read; null: no entry */
  first: number | null;
  /** as far as everything was as it should be */
  verified: number;
  /** of the last of those */
  head: AuditHead | null;
  finding: AuditFinding | null;
}

/**
 * Reads an export line by line, in bounded memory, and stops at the first thing that is wrong. A part of a chain is
 * verified from its beginning only with the checkpoint of the entry before. Whoever can rewrite the whole chain and its
 * head shows nothing in the export itself: that is what a checkpoint kept elsewhere is for.
 */
export class AuditVerification {
  private readonly checkpoint: AuditHead | null;
  private tenant: string | null;
  private first: number | null = null;
  private last: { position: number; hash: string } = { position: 0, hash: AUDIT_GENESIS };
  private verified = 0;
  private head: AuditHead | null = null;
  private finding: AuditFinding | null = null;
  /** not where it should be: looked for in the rest */
  private missing: number | null = null;

  constructor(checkpoint?: AuditHead) {
    this.checkpoint = checkpoint ?? null;
    this.tenant = checkpoint?.tenant_id ?? null;
  }

  /** The export's next line, without its line feed. */
  take(line: string): void {
    if (this.finding && this.missing === null) return;
    const read = readAuditLine(line);
    if (this.missing !== null) {
      if (read && 'entry' in read && read.entry.position === this.missing) this.comesLater(this.missing);
      return;
    }
    if (this.head) this.found('inserted', 'something follows the line of the head');
    else if (!read) this.found('edited', 'the line is no entry as it is exported');
    else if ('head' in read) this.head = read.head;
    else this.entry(read.entry);
  }

  /** After the last line. */
  end(): AuditReport {
    this.missing = null;
    if (!this.finding) this.checkHead();
    if (!this.finding) this.checkReach();
    const { tenant, first, verified, last, finding } = this;
    const head = tenant !== null && last.position > 0 ? { tenant_id: tenant, ...last } : null;
    return { tenant_id: tenant, first, verified, head, finding };
  }

  private entry(entry: ChainedEntry): void {
    const { position, hash } = entry;
    if (this.first === null) this.begin(entry);
    const expected = this.last.position + 1;
    if (auditHash(entry) !== hash) return this.found('edited', 'its hash is not of what it says');
    if (entry.tenant_id !== this.tenant) return this.found('foreign_tenant', `it is of the tenant ${entry.tenant_id}`);
    if (position < expected) return this.found('inserted', `position ${String(position)} comes again`);
    if (position > expected) {
      this.found('deleted', `position ${String(position)} follows ${String(this.last.position)}`);
      this.missing = expected;
      return;
    }
    if (entry.previous_hash !== this.last.hash)
      return this.found('edited', 'it does not continue the entry before: one of the two was rewritten');
    if (position === this.checkpoint?.position && hash !== this.checkpoint.hash)
      return this.found('rewritten', 'its hash is not the one of the checkpoint');
    this.last = { position, hash };
    this.verified++;
  }

  private begin({ tenant_id, position }: ChainedEntry): void {
    this.first = position;
    this.tenant ??= tenant_id;
    if (this.checkpoint && position === this.checkpoint.position + 1) this.continueCheckpoint(this.checkpoint);
  }

  private continueCheckpoint({ position, hash }: AuditHead): void {
    this.last = { position, hash };
  }

  private checkHead(): void {
    const { head } = this;
    if (!head) return this.found('truncated', 'the line of the head is missing');
    if (this.first === null && head.position === this.checkpoint?.position) this.continueCheckpoint(this.checkpoint);
    this.tenant ??= head.tenant_id;
    const { position, hash } = this.last;
    if (head.tenant_id !== this.tenant) this.found('foreign_tenant', `the head is of the tenant ${head.tenant_id}`);
    else if (head.position > position)
      this.found('truncated', `the head is at ${String(head.position)}, the last entry at ${String(position)}`);
    else if (head.position < position)
      this.found('edited', `the head is at ${String(head.position)}, before the last entry`, head.position);
    else if (head.hash !== hash) this.found('edited', 'the head has another hash than the last entry', position);
  }

  private checkReach(): void {
    const reached = this.last.position;
    if (this.checkpoint && reached < this.checkpoint.position)
      this.found('truncated', `the checkpoint is of position ${String(this.checkpoint.position)}`);
  }

  private comesLater(position: number): void {
    this.finding = { kind: 'reordered', position, message: 'it comes later' };
    this.missing = null;
  }

  private found(kind: AuditDamage, message: string, position = this.last.position + 1): void {
    this.finding = { kind, position, message };
  }
}
