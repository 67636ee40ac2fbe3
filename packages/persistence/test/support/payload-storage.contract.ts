import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { type ArtifactContent, ArtifactContents, PayloadEntity, PayloadStore } from '../../src/index.js';
import { tenantA, tenantB, type TestDatabase } from './database.js';
import { MIB } from './streams.js';

/** What every storage of large payloads must do. */
export function payloadStorageContract(database: TestDatabase, content: () => ArtifactContent): void {
  const store = (): PayloadStore => new PayloadStore(database.db, new ArtifactContents(content(), [content()]));

  it('gives payloads back as they came, in the order asked for', async () => {
    const tenant = tenantA();
    const contents = [randomBytes(3), randomBytes(9 * MIB), randomBytes(0)];
    const ids = await store().put(tenant, randomUUID(), contents);
    const back = await store().get(tenant, [...ids].reverse());
    expect(back.map((bytes, i) => bytes.equals(contents[2 - i]!))).toEqual([true, true, true]);
  });

  it('has nothing for another tenant, and removes nothing of it', async () => {
    const [a, b] = [tenantA(), tenantB()];
    const [id] = await store().put(a, null, [randomBytes(10)]);
    await expect(store().get(b, [id!])).rejects.toThrow(`there is no payload ${id!}`);
    await store().remove(b, id!);
    expect(await store().get(a, [id!])).toHaveLength(1);
  });

  it('is removed once, wherever it is', async () => {
    const tenant = tenantA();
    const [id] = await store().put(tenant, null, [randomBytes(10)]);
    await store().remove(tenant, id!);
    await store().remove(tenant, id!);
    await expect(store().get(tenant, [id!])).rejects.toThrow();
    expect(await database.db.run(tenant, (em) => em.count(PayloadEntity, { where: { id: id! } }))).toBe(0);
  });
}
