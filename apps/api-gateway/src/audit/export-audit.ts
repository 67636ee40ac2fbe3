import { Readable } from 'node:stream';
import { type AuditHead, auditHeadLine, auditLine } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import type { AuthenticatedActor } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';

/** So many entries are held at once. */
const AT_ONCE = 500;

/** The tenant's chain as lines, to be verified elsewhere. */
@Injectable()
export class ExportAudit {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * From the position on, as far as the chain goes now: what is committed before does not change any more. Its last line
   * is the head; one that was cut short, or outlived the caller's token, has none.
   */
  async run(actor: AuthenticatedActor, from: number): Promise<Readable> {
    const head = await this.db.run(actor.tenant_id, () => this.audit.head());
    return Readable.from(this.lines(actor, from, head), { objectMode: false, highWaterMark: 65_536 });
  }

  private async *lines({ tenant_id, expires_at }: AuthenticatedActor, from: number, head: AuditHead) {
    for (let done = from - 1; done < head.position && Date.now() < expires_at;) {
      const entries = await this.db.run(tenant_id, () => this.audit.after(done, head.position, AT_ONCE));
      const last = entries.at(-1);
      if (!last) break;
      yield entries.map((entry) => `${auditLine(entry)}\n`).join('');
      done = last.position;
    }
    if (Date.now() < expires_at) yield `${auditHeadLine(head)}\n`;
  }
}
