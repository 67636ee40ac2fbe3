import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ArtifactContents } from '../artifacts/artifact-contents.js';
import { PayloadEntity } from '../entities/index.js';
import { insert } from '../repositories/write.js';
import { TenantDb } from '../tenant/tenant-db.js';

/** Temporal forgets a history sooner. */
const KEPT_AFTER_END = '35 days';

/** Values too large for a history, by reference: in PostgreSQL, or where new artifacts go. */
@Injectable()
export class PayloadStore {
  constructor(
    private readonly db: TenantDb,
    private readonly contents: ArtifactContents,
  ) {}

  /** @param executionId whose history will name them; null: an approval's @returns their ids, in order */
  async put(tenantId: string, executionId: string | null, contents: readonly Uint8Array[]): Promise<string[]> {
    const { current } = this.contents;
    const rows = contents.map((content) => ({
      id: randomUUID(),
      tenant_id: tenantId,
      execution_id: executionId,
      storage: current.storage,
      size: content.length,
      content: current.storage === 'postgres' ? Buffer.from(content) : null,
    }));
    if (current.storage !== 'postgres')
      for (const [i, { id, size }] of rows.entries())
        await current.write({ tenant_id: tenantId, artifact_id: id }, one(contents[i]!), size);
    await this.db.run(tenantId, (em) => insert(em, PayloadEntity, rows));
    return rows.map(({ id }) => id);
  }

  /** In the order of the ids. @throws Error when one is gone, or is another tenant's */
  async get(tenantId: string, ids: readonly string[]): Promise<Buffer[]> {
    const rows = await this.db.run(tenantId, (em) => em.find(PayloadEntity, { where: { id: In([...ids]) } }));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return Promise.all(
      ids.map(async (id) => {
        const row = byId.get(id);
        if (!row) throw new Error(`there is no payload ${id}`);
        return row.content ?? all(this.contents.of(row.storage).read({ tenant_id: tenantId, artifact_id: id }));
      }),
    );
  }

  /** The execution has ended: its payloads are kept as long as its history. Needs an open tenant scope. */
  async expireOf(executionId: string): Promise<void> {
    await this.db.em
      .createQueryBuilder()
      .update(PayloadEntity)
      .set({ expires_at: () => `least(expires_at, clock_timestamp() + interval '${KEPT_AFTER_END}')` })
      .where({ execution_id: executionId })
      .execute();
  }

  /** Content and row. Again: nothing happens. */
  async remove(tenantId: string, id: string): Promise<void> {
    const row = await this.db.run(tenantId, (em) =>
      em.findOne(PayloadEntity, { where: { id }, select: { id: true, storage: true } }),
    );
    if (!row) return;
    if (row.storage !== 'postgres')
      await this.contents.of(row.storage).remove({ tenant_id: tenantId, artifact_id: id });
    await this.db.run(tenantId, (em) => em.delete(PayloadEntity, { id }));
  }
}

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function all(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}
