import { createHash } from 'node:crypto';
import { type BuiltinTool, CallerError, type JsonObject, sha256Hex, type ToolContext } from '@aumos/agf-domain';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readArtifact } from '../../document/read-artifact.js';
import { guardedHandler } from './guarded-handler.js';
import { objectKey } from './object-key.js';
import { FILE_WRITE, type FileWriteArguments, MOST_BYTES } from './spec.js';
import { asToolError, isThere } from './store-errors.js';

export const fileWrite: BuiltinTool = {
  spec: FILE_WRITE,
  run: (args, context) => write(args as unknown as FileWriteArguments, context),
};

/** Which visit wrote an object, in its metadata. */
const WRITTEN_BY = 'agf-effect';

async function write(args: FileWriteArguments, context: ToolContext): Promise<JsonObject> {
  const connection = await context.connections.resolve('s3', args.connection);
  const { bucket, prefix, endpoint, region, path_style, credentials } = connection;
  const Key = objectKey(prefix, args.key);
  const { bytes, content_type } = await contentOf(args, context);
  const effect = sha256Hex(context.effect_key);
  const client = new S3Client({
    ...{ endpoint, region, credentials, forcePathStyle: path_style, maxAttempts: 1 },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: guardedHandler(context),
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const told = { bucket, key: Key, size: bytes.length, sha256, content_type };
  const put = new PutObjectCommand({
    ...{ Bucket: bucket, Key, Body: bytes, ContentType: content_type, Metadata: { [WRITTEN_BY]: effect, sha256 } },
    // The store decides, not a look before: of two at once one writes.
    ...((args.if_exists ?? 'fail') === 'fail' ? { IfNoneMatch: '*' } : {}),
  });
  try {
    await client.send(put);
    return told;
  } catch (error) {
    context.signal.throwIfAborted();
    if (isThere(error) && (await isOurs(client, { Bucket: bucket, Key }, { effect, sha256 }))) return told;
    throw asToolError(error);
  } finally {
    client.destroy();
  }
}

async function isOurs(
  client: S3Client,
  object: { Bucket: string; Key: string },
  { effect, sha256 }: { effect: string; sha256: string },
): Promise<boolean> {
  try {
    const { Metadata = {} } = await client.send(new HeadObjectCommand(object));
    return Metadata[WRITTEN_BY] === effect && Metadata['sha256'] === sha256;
  } catch (error) {
    throw asToolError(error);
  }
}

/** @throws CallerError `INVALID_ARGUMENTS`, `FILE_TOO_LARGE`, `ARTIFACT_NOT_FOUND` */
async function contentOf(
  { text, base64, source, content_type }: FileWriteArguments,
  context: ToolContext,
): Promise<{ bytes: Buffer; content_type: string }> {
  if ([text, base64, source].filter((each) => each !== undefined).length !== 1)
    throw new CallerError('INVALID_ARGUMENTS', 'one of text, base64 and source says what to write');
  if (source !== undefined) {
    const { info, bytes } = await readArtifact(source, MOST_BYTES, context, 'FILE_TOO_LARGE');
    return { bytes, content_type: content_type ?? info.content_type };
  }
  if (text !== undefined)
    return { bytes: Buffer.from(text), content_type: content_type ?? 'text/plain; charset=utf-8' };
  return { bytes: Buffer.from(base64 ?? '', 'base64'), content_type: content_type ?? 'application/octet-stream' };
}
