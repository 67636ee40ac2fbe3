import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ArtifactChunkEntity, ArtifactEntity, ArtifactsRepository, ArtifactStore } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';

const META = { name: 'data.csv', content_type: 'text/csv', created_by: 'dev' };
const MIB = 1024 * 1024;

async function* pieces(content: Buffer, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes);
}
async function all(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

describe('ArtifactStore', () => {
  // One connection: nothing may hold it while bytes come or go.
  const database = useDatabase({ poolSize: 1 });
  let tenant: string;
  let artifacts: ArtifactsRepository;
  let store: ArtifactStore;
  beforeEach(() => {
    tenant = tenantA();
    artifacts = new ArtifactsRepository(database.db);
    store = new ArtifactStore(database.db, artifacts);
  });
  const rows = (entity: typeof ArtifactEntity | typeof ArtifactChunkEntity): Promise<number> =>
    database.db.run(tenant, (em) => em.count(entity));

  it.each([0, 1, MIB, 2 * MIB + 7])('gives %i bytes back as they came', async (bytes) => {
    const content = randomBytes(bytes);
    const stored = await store.write(tenant, META, pieces(content, 300_000), 3 * MIB);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(stored).toMatchObject({ ...META, size: bytes, sha256, complete: true, storage: 'postgres' });
    const opened = await store.open(tenant, stored.id);
    expect(opened?.info).toEqual({
      id: stored.id,
      name: 'data.csv',
      content_type: 'text/csv',
      size: bytes,
      sha256,
    });
    expect((await all(opened!.content)).equals(content)).toBe(true);
    expect(await rows(ArtifactChunkEntity)).toBe(Math.ceil(bytes / MIB));
  });

  it('lets others work while it is read and written', async () => {
    const { id } = await store.write(tenant, META, pieces(randomBytes(2 * MIB), MIB), 3 * MIB);
    const source = await store.open(tenant, id);
    for await (const part of source!.content) {
      expect(part.length).toBe(MIB);
      expect(await rows(ArtifactEntity)).toBe(1);
    }
    const copied = await store.write(tenant, META, (await store.open(tenant, id))!.content, 3 * MIB);
    expect(copied.size).toBe(2 * MIB);
  });

  it('leaves nothing of what is too long', async () => {
    const writing = store.write(tenant, META, pieces(randomBytes(2 * MIB), MIB), MIB);
    await expect(writing).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect([await rows(ArtifactEntity), await rows(ArtifactChunkEntity)]).toEqual([0, 0]);
  });

  it('leaves nothing of a stream that broke', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield randomBytes(MIB);
      throw new Error('client went away');
    };
    await expect(store.write(tenant, META, broken(), 3 * MIB)).rejects.toThrow('client went away');
    expect([await rows(ArtifactEntity), await rows(ArtifactChunkEntity)]).toEqual([0, 0]);
  });

  it('shows nothing before it is complete, and never changes what is', async () => {
    const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
    const id = await run(() => artifacts.create(META));
    await run(() => artifacts.appendChunk(id, 0, Buffer.from('x')));
    expect(await store.open(tenant, id)).toBeNull();
    expect((await run(() => artifacts.list())).total).toBe(0);
    await run(() => artifacts.complete(id, { size: 1, sha256: 's' }));
    await run(() => artifacts.complete(id, { size: 2, sha256: 't' }));
    expect((await run(() => artifacts.get(id)))?.size).toBe(1);
    await expect(run(() => artifacts.appendChunk(id, 0, Buffer.from('y')))).rejects.toThrow(/unique/);
  });

  it('lists, and deletes with its chunks', async () => {
    const { id } = await store.write(tenant, META, pieces(Buffer.from('abc'), 1), MIB);
    await store.write(tenant, { ...META, name: 'other' }, pieces(Buffer.from('d'), 1), MIB);
    const { db } = database;
    expect((await db.run(tenant, () => artifacts.list({ name: 'data.csv' }))).items.map((one) => one.id)).toEqual([id]);
    expect(await db.run(tenant, () => artifacts.remove(id))).toBe(true);
    expect(await db.run(tenant, () => artifacts.remove(id))).toBe(false);
    expect([await rows(ArtifactEntity), await rows(ArtifactChunkEntity)]).toEqual([1, 1]);
  });

  it('is not there for another tenant', async () => {
    const { id } = await store.write(tenant, META, pieces(Buffer.from('abc'), 1), MIB);
    expect(await store.open(tenantB(), id)).toBeNull();
    expect(await store.open(tenant, randomUUID())).toBeNull();
  });
});
