import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArtifactChunkEntity, ArtifactsRepository, ArtifactStore, type S3Options } from '../src/index.js';
import { type ArtifactStorageOptions, provideContents } from '../src/artifacts/provide-contents.js';
import { S3Content } from '../src/artifacts/s3/s3-content.js';
import { type S3Server, startS3Server } from '../src/testing/index.js';
import { artifactStorageContract } from './support/artifact-storage.contract.js';
import { payloadStorageContract } from './support/payload-storage.contract.js';
import { tenantA, useDatabase } from './support/database.js';
import { all, MIB, pieces } from './support/streams.js';

const META = { name: 'data.csv', content_type: 'text/csv', created_by: 'dev' };

describe('artifacts in S3', () => {
  const database = useDatabase({ poolSize: 1 });
  let server: S3Server;
  let options: Required<S3Options>;
  let content: S3Content;
  let admin: S3Client;
  beforeAll(async () => {
    server = await startS3Server();
    options = await server.bucket();
    content = S3Content.connect(options);
    admin = new S3Client(options);
  }, 300_000);
  afterAll(async () => {
    content.close();
    admin.destroy();
    await server.stop();
  });
  const objects = async (tenant: string): Promise<string[]> => {
    const { Contents = [] } = await admin.send(
      new ListObjectsV2Command({ Bucket: options.bucket, Prefix: `${tenant}/` }),
    );
    return Contents.map(({ Key }) => Key!);
  };
  payloadStorageContract(database, () => content);

  const uploads = async (tenant: string): Promise<number> => {
    const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket: options.bucket }));
    return Uploads.filter(({ Key }) => Key!.startsWith(`${tenant}/`)).length;
  };

  artifactStorageContract(database, () => ({
    content,
    stored: async (tenant) => (await objects(tenant)).length + (await uploads(tenant)),
  }));

  const storeOf = async (storage: ArtifactStorageOptions): Promise<{ store: ArtifactStore; close: () => void }> => {
    const artifacts = new ArtifactsRepository(database.db);
    const contents = await provideContents(storage, database.db, artifacts);
    return { store: new ArtifactStore(database.db, artifacts, contents), close: () => contents.close() };
  };
  const read = async (store: ArtifactStore, tenant: string, id: string): Promise<Buffer> =>
    all((await store.open(tenant, id))!.content);

  it('have their tenant in the key, and nothing in PostgreSQL', async () => {
    const tenant = tenantA();
    const { store, close } = await storeOf({ store: 's3', s3: options });
    const { id } = await store.write(tenant, META, pieces(randomBytes(MIB), MIB), MIB);
    expect(await objects(tenant)).toEqual([`${tenant}/${id}`]);
    expect(await database.db.run(tenant, (em) => em.count(ArtifactChunkEntity))).toBe(0);
    close();
  });

  it('are read, and deleted, whatever the setting is by then', async () => {
    const tenant = tenantA();
    const [now, then] = [
      await storeOf({ store: 's3', s3: options }),
      await storeOf({ store: 'postgres', s3: options }),
    ];
    const [one, other] = [randomBytes(MIB), randomBytes(MIB)];
    const inS3 = await now.store.write(tenant, META, pieces(one, MIB), MIB);
    const inPostgres = await then.store.write(tenant, META, pieces(other, MIB), MIB);
    expect([inS3.storage, inPostgres.storage]).toEqual(['s3', 'postgres']);
    for (const { store } of [now, then]) {
      expect((await read(store, tenant, inS3.id)).equals(one)).toBe(true);
      expect((await read(store, tenant, inPostgres.id)).equals(other)).toBe(true);
    }
    expect(await then.store.remove(tenant, inS3.id)).toBe(true);
    expect(await now.store.remove(tenant, inPostgres.id)).toBe(true);
    expect(await objects(tenant)).toEqual([]);
    now.close();
    then.close();
  });

  it('are hidden before their content goes, and found by their row when it could not', async () => {
    const tenant = tenantA();
    const { store, close } = await storeOf({ store: 's3', s3: options });
    const { id } = await store.write(tenant, META, pieces(randomBytes(10), 10), MIB);
    const wrong = { ...options, credentials: { ...options.credentials, secretAccessKey: 'wrong' } };
    const refused = await storeOf({ store: 's3', s3: wrong });
    await expect(refused.store.remove(tenant, id)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(await store.open(tenant, id)).toBeNull();
    expect(await objects(tenant)).toHaveLength(1);
    await store.removeIncomplete(tenant, id);
    expect(await objects(tenant)).toEqual([]);
    close();
    refused.close();
  });

  it('are not ready with a wrong key, or without the bucket', async () => {
    const wrong = { ...options, credentials: { ...options.credentials, secretAccessKey: 'wrong' } };
    for (const unusable of [wrong, { ...options, bucket: 'there-is-none' }]) {
      const contents = S3Content.connect(unusable);
      await expect(contents.check()).rejects.toThrow();
      contents.close();
    }
  });

  it('cannot be the store when nothing says where S3 is', async () => {
    await expect(storeOf({ store: 's3' })).rejects.toThrow('nothing says where it is');
  });
});
