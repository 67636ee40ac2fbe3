import { createHash } from 'node:crypto';
import { BoundedCache, isStorableText, type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { Injectable, Logger } from '@nestjs/common';
import { TenantDb } from '../tenant/tenant-db.js';
import { MembersRepository } from './members.repository.js';

/** What a verified token says of its bearer. */
export interface Seen {
  tenant_id: string;
  sub: string;
  name: string;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}

/** Whom this process knows already: more of them cost a statement each. */
const KNOWN = 10_000;

/** Learns who is of a tenant from the tokens that come: once each, and again when a token says something else. */
@Injectable()
export class Newcomers {
  private readonly log = new Logger(Newcomers.name);
  private readonly known = new BoundedCache<string, true>(KNOWN);
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
  ) {}

  /** Nobody waits for it; what fails is tried again with the process's next start, or the next other token. */
  see(actor: Seen): void {
    const { tenant_id, sub, name, roles, privilege_level } = actor;
    if (!isStorableText(sub) || !isStorableText(name)) return;
    const said = JSON.stringify([tenant_id, sub, name, roles, privilege_level]);
    const key = createHash('sha256').update(said).digest('base64');
    this.known.get(key, () => {
      const learning = this.learn(actor).finally(() => this.underWay.delete(learning));
      this.underWay.add(learning);
      return true;
    });
  }

  /** Everybody who came before is learned. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async learn({ tenant_id, sub, name, roles, privilege_level }: Seen): Promise<void> {
    try {
      const member = { sub, display_name: name, roles, privilege_level };
      await this.db.run(tenant_id, () => this.members.learn(member));
    } catch (error) {
      this.log.warn({ msg: 'a member could not be learned', tenant_id, err: error });
    }
  }
}
