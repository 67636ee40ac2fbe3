import { type Actor, ApiError, askedOf } from '@aumos/agf-domain';
import { AuditRepository, TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { CheckWriter } from './check-writer.js';
import { pinned } from './complete-tool.js';
import { type RegisteredToolView, registeredToolView } from './registered-tool.view.js';
import type { ReviewToolDto } from './tool.dto.js';

/** Somebody has looked at what a server says of its tool now: that is its next version, or the tool stays disabled. */
@Injectable()
export class ReviewTool {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
    private readonly writer: CheckWriter,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, INVALID_STATE when it waits for none or there is nothing to accept, PRIVILEGE_DENIED,
   *   CONFLICT for the hash of another word, or when somebody else decides at this moment
   */
  async run(actor: Actor, name: string, { accept, hash }: ReviewToolDto): Promise<RegisteredToolView> {
    const last = await this.db.run(actor.tenant_id, () => this.tools.last(name));
    if (!last) throw notFound();
    const { review, definition, version } = last;
    if (!review || definition.kind !== 'mcp') throw new ApiError('INVALID_STATE', `${name} waits for no review.`);
    if (review.hash !== hash) throw conflict(name);
    await this.writer.run(actor, 'tool.review', name, definition.min_privilege_level);
    const { offer, problem } = review;
    if (accept && !offer)
      throw new ApiError('INVALID_STATE', 'What the server says can be accepted by nobody.', { problem });
    const next = accept && offer ? pinned(askedOf(definition), offer) : null;
    return this.db.run(actor.tenant_id, async () => {
      if (!(await this.tools.closeReview(name, version, hash))) throw conflict(name);
      const row = next ? await this.tools.addVersion(next, actor.sub, version) : await this.tools.last(name);
      if (!row) throw conflict(name);
      await this.audit.append({
        actor_id: actor.sub,
        action: 'tool.review',
        resource_type: 'tool',
        resource_id: name,
        outcome: accept ? 'allowed' : 'denied',
        details: { version: row.version, pinned: definition.mcp.pin.hash, hash },
      });
      return registeredToolView(row);
    });
  }
}

const conflict = (name: string): ApiError =>
  new ApiError('CONFLICT', `Of ${name} something else is to be reviewed by now.`, { name });
