import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ArtifactChunkEntity, ArtifactsRepository, ArtifactStore } from '../src/index.js';
import { PostgresContent } from '../src/artifacts/postgres-content.js';
import { provideContents } from '../src/artifacts/provide-contents.js';
import { artifactStorageContract } from './support/artifact-storage.contract.js';
import { tenantA, useDatabase } from './support/database.js';
import { MIB, pieces } from './support/streams.js';

const META = { name: 'data.csv', content_type: 'text/csv', created_by: 'dev' };

describe('artifacts in PostgreSQL', () => {
  // One connection: nothing may hold it while bytes come or go.
  const database = useDatabase({ poolSize: 1 });
  const repository = (): ArtifactsRepository => new ArtifactsRepository(database.db);
  const chunks = (tenant: string): Promise<number> => database.db.run(tenant, (em) => em.count(ArtifactChunkEntity));

  artifactStorageContract(database, () => ({
    content: new PostgresContent(database.db, repository()),
    stored: chunks,
  }));

  it('lie in chunks of 1 MiB', async () => {
    const tenant = tenantA();
    const contents = await provideContents({ store: 'postgres' }, database.db, repository());
    const store = new ArtifactStore(database.db, repository(), contents);
    await store.write(tenant, META, pieces(randomBytes(2 * MIB + 7), 300_000), 3 * MIB);
    expect(await chunks(tenant)).toBe(3);
  });

  it('show nothing before they are complete, and never change then', async () => {
    const tenant = tenantA();
    const artifacts = repository();
    const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
    const id = await run(() => artifacts.create(META));
    await run(() => artifacts.appendChunk(id, 0, Buffer.from('x')));
    expect((await run(() => artifacts.list())).total).toBe(0);
    await run(() => artifacts.complete(id, { size: 1, sha256: 's' }));
    await run(() => artifacts.complete(id, { size: 2, sha256: 't' }));
    expect((await run(() => artifacts.get(id)))?.size).toBe(1);
    await expect(run(() => artifacts.appendChunk(id, 0, Buffer.from('y')))).rejects.toThrow(/unique/);
  });

  it('are listed by name', async () => {
    const tenant = tenantA();
    const artifacts = repository();
    const store = new ArtifactStore(
      database.db,
      artifacts,
      await provideContents({ store: 'postgres' }, database.db, artifacts),
    );
    const { id } = await store.write(tenant, META, pieces(Buffer.from('abc'), 1), MIB);
    await store.write(tenant, { ...META, name: 'other' }, pieces(Buffer.from('d'), 1), MIB);
    const { items } = await database.db.run(tenant, () => artifacts.list({ name: 'data.csv' }));
    expect(items.map((one) => one.id)).toEqual([id]);
  });
});
