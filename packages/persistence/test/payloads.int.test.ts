import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  ArtifactContents,
  ArtifactsRepository,
  createDataSource,
  PayloadEntity,
  PayloadStore,
  RetentionRepository,
} from '../src/index.js';
import { PostgresContent } from '../src/artifacts/postgres-content.js';
import { withAdmin } from '../src/provision/provision-database.js';
import { tenantA, useDatabase } from './support/database.js';
import { payloadStorageContract } from './support/payload-storage.contract.js';

describe('payloads in PostgreSQL', () => {
  const database = useDatabase();
  const content = (): PostgresContent => new PostgresContent(database.db, new ArtifactsRepository(database.db));
  const store = (): PayloadStore => new PayloadStore(database.db, new ArtifactContents(content(), [content()]));
  payloadStorageContract(database, content);

  it('expires as long after its execution as the history is kept, and only then is found', async () => {
    const [tenant, execution] = [tenantA(), randomUUID()];
    const ids = await store().put(tenant, execution, [randomBytes(10), randomBytes(10)]);
    const [other] = await store().put(tenant, randomUUID(), [randomBytes(10)]);
    await database.db.run(tenant, () => store().expireOf(execution));
    const days = await database.db.run(tenant, async (em) =>
      (await em.find(PayloadEntity)).map((row) => [
        row.id === other,
        Math.round((row.expires_at.getTime() - row.created_at.getTime()) / 86_400_000),
      ]),
    );
    expect(days.sort()).toEqual([
      [false, 35],
      [false, 35],
      [true, 400],
    ]);
    const sweeper = await createDataSource(database.sweeperUrl, { applicationName: 'payloads', poolSize: 1 });
    try {
      const expired = new RetentionRepository(sweeper);
      expect(await expired.expiredPayloads()).toEqual([]);
      await withAdmin(database.adminUrl, (client) =>
        client.query(`update agf_payloads set expires_at = now() - interval '1 day' where id = $1`, [ids[0]]),
      );
      expect(await expired.expiredPayloads()).toEqual([{ tenant_id: tenant, id: ids[0] }]);
      await expect(sweeper.query('select content from agf_payloads')).rejects.toThrow('permission denied');
    } finally {
      await sweeper.destroy();
    }
  });
});
