import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import {
  ArtifactEntity,
  type ArtifactContent,
  ArtifactContents,
  ArtifactsRepository,
  ArtifactStore,
} from '../../src/index.js';
import { tenantA, tenantB, type TestDatabase } from './database.js';
import { all, MIB, pieces } from './streams.js';

const META = { name: 'data.csv', content_type: 'text/csv', created_by: 'dev' };
const MOST = 8 * MIB;

/** What a suite knows of its adapter beyond the port. */
export interface StorageUnderTest {
  content: ArtifactContent;
  /** how many things of the tenant lie in the storage: chunks, objects, parts of an upload */
  stored(tenant: string): Promise<number>;
}

/** What every storage of artifacts must do, seen through the store that the services use. */
export function artifactStorageContract(database: TestDatabase, underTest: () => StorageUnderTest): void {
  let tenant: string;
  let content: ArtifactContent;
  let store: ArtifactStore;
  beforeEach(() => {
    tenant = tenantA();
    content = underTest().content;
    store = new ArtifactStore(
      database.db,
      new ArtifactsRepository(database.db),
      new ArtifactContents(content, [content]),
    );
  });
  const left = async (of = tenant): Promise<{ rows: number; stored: number }> => ({
    rows: await database.db.run(of, (em) => em.count(ArtifactEntity)),
    stored: await underTest().stored(of),
  });
  const NOTHING = { rows: 0, stored: 0 };
  const write = (bytes: Buffer, maxBytes = MOST): ReturnType<ArtifactStore['write']> =>
    store.write(tenant, META, pieces(bytes, 300_000), maxBytes);

  it('answers', async () => {
    await content.check();
  });

  it.each([0, 1, MIB, 6 * MIB + 7])('gives %i bytes back as they came', async (size) => {
    const bytes = randomBytes(size);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { storage } = content;
    const stored = await write(bytes);
    expect(stored).toMatchObject({ ...META, size, sha256, complete: true, storage });
    const opened = await store.open(tenant, stored.id);
    expect(opened?.info).toEqual({ id: stored.id, name: 'data.csv', content_type: 'text/csv', size, sha256 });
    expect((await all(opened!.content)).equals(bytes)).toBe(true);
  });

  it('takes what is as long as it may be', async () => {
    expect((await write(randomBytes(6 * MIB), 6 * MIB)).size).toBe(6 * MIB);
  });

  it.each([MIB, 6 * MIB])('leaves nothing of %i bytes and one too many, and reads no further', async (most) => {
    let closed = false;
    let taken = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          const piece = randomBytes(MIB / 2 + 1);
          taken += piece.length;
          yield piece;
        }
      } finally {
        closed = true;
      }
    };
    await expect(store.write(tenant, META, endless(), most)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(taken).toBeLessThan(most + MIB);
    expect(closed).toBe(true);
    expect(await left()).toEqual(NOTHING);
  });

  it.each([0, MIB, 6 * MIB])('leaves nothing of a stream that broke after %i bytes', async (size) => {
    const broken = pieces(randomBytes(size), MIB, () => Promise.reject(new Error('client went away')));
    await expect(store.write(tenant, META, broken, MOST)).rejects.toThrow('client went away');
    expect(await left()).toEqual(NOTHING);
  });

  it('shows nothing before it is complete; what a dead process left can be found by its row and removed', async () => {
    let end = (): void => undefined;
    const dies = (): Promise<never> => new Promise((_, reject) => (end = () => reject(new Error('dead'))));
    const writing = store.write(tenant, META, pieces(randomBytes(6 * MIB), MIB, dies), MOST);
    const ended = writing.then(
      () => 'written',
      () => 'failed',
    );
    await eventually(async () => (await underTest().stored(tenant)) > 0, 'a part of it to arrive');
    const [row] = await database.db.run(tenant, (em) => em.find(ArtifactEntity));
    expect(row).toMatchObject({ complete: false, storage: content.storage });
    expect(await store.open(tenant, row!.id)).toBeNull();
    expect(await store.remove(tenant, row!.id)).toBe(false);
    await store.removeIncomplete(tenant, row!.id);
    expect(await left()).toEqual(NOTHING);
    end();
    expect(await ended).toBe('failed');
    expect(await left()).toEqual(NOTHING);
  });

  it('lets others work while it is read, and a reader leave early', async () => {
    const { id } = await write(randomBytes(2 * MIB));
    for (let reader = 0; reader < 60; reader++) {
      const opened = await store.open(tenant, id);
      for await (const piece of opened!.content) {
        expect(piece.length).toBeGreaterThan(0);
        expect((await left()).rows).toBe(1);
        break;
      }
    }
    const opened = await store.open(tenant, id);
    const copied = await store.write(tenant, META, opened!.content, MOST);
    expect(copied.size).toBe(2 * MIB);
  });

  it('deletes all of it, once, and nothing else', async () => {
    const [one, other] = [await write(randomBytes(MIB)), await write(randomBytes(MIB))];
    expect([await store.remove(tenant, one.id), await store.remove(tenant, one.id)]).toEqual([true, false]);
    expect(await store.open(tenant, one.id)).toBeNull();
    expect((await all((await store.open(tenant, other.id))!.content)).length).toBe(MIB);
    expect(await store.remove(tenant, other.id)).toBe(true);
    expect(await left()).toEqual(NOTHING);
  });

  it('removes nothing that is complete as if it were not', async () => {
    const { id } = await write(randomBytes(10));
    await store.removeIncomplete(tenant, id);
    expect((await all((await store.open(tenant, id))!.content)).length).toBe(10);
  });

  it('is not there for another tenant, who cannot reach its bytes by its id either', async () => {
    const { id } = await write(randomBytes(10));
    const [foreign, key] = [tenantB(), { tenant_id: tenant, artifact_id: id }];
    expect(await store.open(foreign, id)).toBeNull();
    expect(await store.remove(foreign, id)).toBe(false);
    const read = await all(content.read({ ...key, tenant_id: foreign })).catch(() => Buffer.alloc(0));
    expect(read.length).toBe(0);
    await content.remove({ ...key, tenant_id: foreign });
    expect((await all(content.read(key))).length).toBe(10);
    expect(await store.open(tenant, randomUUID())).toBeNull();
  });

  it('never passes cut content for data', async () => {
    const { id } = await write(randomBytes(2 * MIB));
    await content.remove({ tenant_id: tenant, artifact_id: id });
    await content.remove({ tenant_id: tenant, artifact_id: id });
    const opened = await store.open(tenant, id);
    await expect(all(opened!.content)).rejects.toThrow();
  });

  it('never passes changed content for data, and holds its end back', async () => {
    const { id } = await write(randomBytes(2 * MIB));
    const key = { tenant_id: tenant, artifact_id: id };
    await content.remove(key);
    await content.write(key, pieces(randomBytes(2 * MIB), MIB), MOST);
    let seen = 0;
    const reading = async (): Promise<void> => {
      for await (const piece of (await store.open(tenant, id))!.content) seen += piece.length;
    };
    await expect(reading()).rejects.toThrow(`the content of artifact ${id} is not what was stored`);
    expect(seen).toBeLessThan(2 * MIB);
  });

  it('is not read by an app that was not told of its storage', async () => {
    const { id } = await write(randomBytes(10));
    const away = new ArtifactStore(
      database.db,
      new ArtifactsRepository(database.db),
      new ArtifactContents(content, []),
    );
    await expect(away.open(tenant, id)).rejects.toThrow(`kept in ${content.storage}`);
  });
}
