import { type Actor, type PrivilegeLevel } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../members/own-level.js';

/** Nobody writes a tool of a level that they do not have, nor over one: it would be called at less than it was. */
@Injectable()
export class CheckWriter {
  constructor(private readonly level: OwnLevel) {}

  /** A refusal is in the audit. @throws ApiError PRIVILEGE_DENIED */
  async run(actor: Actor, action: string, name: string, need: PrivilegeLevel): Promise<void> {
    const why = 'A tool has at most the level of who writes it, and is written by nobody of a lower one.';
    await this.level.mustReach(actor, need, { action, resource_type: 'tool', resource_id: name, why });
  }
}
