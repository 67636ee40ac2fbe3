import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type JsonObject, type S3Connection } from '@aumos/agf-domain';
import { createOutgoing } from '@aumos/agf-outgoing';
import { type S3Server, startS3Server } from '@aumos/agf-persistence/testing';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, type TestContext } from './context.js';
import { refusal, run } from './run-builtin.js';

describe('file_write', () => {
  let server: S3Server;
  let admin: S3Client;
  let connection: S3Connection;
  beforeAll(async () => {
    server = await startS3Server();
  }, 300_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    const { bucket, endpoint, region, credentials, ...options } = await server.bucket();
    admin = new S3Client({ ...options, endpoint, region, credentials });
    connection = {
      ...{ id: 'c', name: 'store', kind: 's3', endpoint, region, bucket, prefix: 'acme/in/' },
      ...{ path_style: true, credentials },
    };
  });

  const write = (args: JsonObject, into: TestContext = context({ connection })): Promise<JsonObject> =>
    run('file_write', args, into) as Promise<JsonObject>;
  const read = async (Key: string): Promise<{ text: string; type: string | undefined }> => {
    const { Body, ContentType } = await admin.send(new GetObjectCommand({ Bucket: connection.bucket, Key }));
    return { text: (await Body?.transformToString()) ?? '', type: ContentType };
  };
  const keys = async (): Promise<(string | undefined)[]> => {
    const { Contents = [] } = await admin.send(new ListObjectsV2Command({ Bucket: connection.bucket }));
    return Contents.map(({ Key }) => Key);
  };

  it('writes a text, bytes, or an artifact, below the prefix', async () => {
    const into = context({ connection });
    const source = into.artifacts.add('a,b\n1,2\n', 'text/csv');
    const sha256 = createHash('sha256').update('Grüße').digest('hex');
    const told = { bucket: connection.bucket, content_type: 'text/plain; charset=utf-8', size: 7, sha256 };
    expect(await write({ key: 'a b/x+y=1.txt', text: 'Grüße' })).toEqual({
      ...told,
      key: 'acme/in/a b/x+y=1.txt',
    });
    await write({ key: 'bytes', base64: 'AP8=', content_type: 'image/x-own' });
    await write({ key: 'table.csv', source }, into);
    expect(await read('acme/in/a b/x+y=1.txt')).toEqual({
      text: 'Grüße',
      type: expect.stringMatching(/^text\/plain; ?charset=utf-8$/),
    });
    expect((await read('acme/in/bytes')).type).toBe('image/x-own');
    expect(await read('acme/in/table.csv')).toEqual({ text: 'a,b\n1,2\n', type: 'text/csv' });
    expect(await keys()).toHaveLength(3);
  });

  it('writes once for each visit, whatever is tried again', async () => {
    const into = context({ connection });
    const first = await write({ key: 'once', text: 'one' }, into);
    expect(await write({ key: 'once', text: 'one' }, into)).toEqual(first);
    expect(await write({ key: 'once', text: 'one', if_exists: 'replace' }, into)).toEqual(first);
    await expect(write({ key: 'once', text: 'one' })).rejects.toEqual(refusal('FILE_EXISTS', { fault: 'caller' }));
    await expect(write({ key: 'once', text: 'two' }, into)).rejects.toEqual(refusal('FILE_EXISTS'));
    expect((await read('acme/in/once')).text).toBe('one');
    await write({ key: 'once', text: 'two', if_exists: 'replace' });
    expect((await read('acme/in/once')).text).toBe('two');
  });

  it.each([
    '../x',
    'a/../../x',
    '/x',
    'a//b',
    'a/./b',
    '.',
    '..',
    'a/',
    'a\\..\\x',
    'a\u0000b',
    'a\nb',
    '%2e%2e/x',
    'a?b',
    'a#b',
    'ü',
  ])('takes no key that leads elsewhere, or may be read in two ways: %j', async (key) => {
    await expect(write({ key, text: 'x' })).rejects.toEqual(refusal('INVALID_KEY', { fault: 'caller' }));
    expect(await keys()).toEqual([]);
  });

  it('takes one content, of a size', async () => {
    await expect(write({ key: 'x' })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    await expect(write({ key: 'x', text: 'a', base64: 'AA==' })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    await expect(write({ key: 'x', base64: 'no base 64!' })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    await expect(write({ key: 'x', text: 'a', content_type: 'text/plain\r\nx-amz-acl: public-read' })).rejects.toEqual(
      refusal('INVALID_ARGUMENTS'),
    );
    const into = context({ connection });
    const source = into.artifacts.add(async function* () {
      for (let i = 0; i < 33; i++) yield Buffer.alloc(1024 * 1024);
    });
    await expect(write({ key: 'x', source }, into)).rejects.toEqual(refusal('FILE_TOO_LARGE'));
    const nobodys = 'artifact:11111111-1111-4111-8111-111111111111';
    await expect(write({ key: 'x', source: nobodys })).rejects.toEqual(refusal('ARTIFACT_NOT_FOUND'));
  });

  it('says what the store says, without credentials', async () => {
    const CANARY = 'CANARY-secret-access-key';
    const wrong = { ...connection, credentials: { ...connection.credentials, secretAccessKey: CANARY } };
    const error: unknown = await write({ key: 'x', text: 'a' }, context({ connection: wrong })).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'STORE_FORBIDS', retryable: false });
    expect(JSON.stringify([String(error), error])).not.toMatch(/CANARY/);
    const nowhere = { ...connection, bucket: 'no-such-bucket' };
    await expect(write({ key: 'x', text: 'a' }, context({ connection: nowhere }))).rejects.toEqual(
      refusal('BUCKET_NOT_FOUND'),
    );
  });

  it('may be tried again when the store is not well', async () => {
    const web = await WebServer.start(() => ({ status: 503, body: '<Error><Code>SlowDown</Code></Error>' }));
    try {
      const ill = context({ connection: { ...connection, endpoint: web.url('') } });
      await expect(write({ key: 'x', text: 'a' }, ill)).rejects.toEqual(refusal('STORE_FAILED', { retryable: true }));
      expect(web.requests).toHaveLength(1);
      expect(web.requests[0]).toMatchObject({ method: 'PUT', body: 'a', headers: { 'if-none-match': '*' } });
    } finally {
      await web.close();
    }
  });

  it('goes where outgoing requests may go, and follows nobody elsewhere', async () => {
    const shut = { ...context({ connection }), outgoing: createOutgoing() };
    await expect(write({ key: 'x', text: 'a' }, shut)).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    const web = await WebServer.start(() => ({ status: 307, headers: { location: 'http://169.254.169.254/' } }));
    try {
      const led = context({ connection: { ...connection, endpoint: web.url('') } });
      await expect(write({ key: 'x', text: 'a' }, led)).rejects.toEqual(refusal('STORE_FAILED'));
      expect(web.requests).toHaveLength(1);
    } finally {
      await web.close();
    }
  });
});
