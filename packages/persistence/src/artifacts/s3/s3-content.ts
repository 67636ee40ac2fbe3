import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ArtifactContent, type ArtifactKey } from '../artifact-content.js';
import { type S3Options } from './s3-options.js';

const MIB = 1024 * 1024;
/** S3's own limit; every part but the last has at least 5 MiB. */
const MOST_PARTS = 10_000;
/** ms. A reader may be slow: a socket without traffic is dead only after long. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
  socketTimeout: 300_000,
};

/**
 * In a bucket, an object an artifact: `<tenant>/<artifact>`. What its key of access must be allowed: PutObject,
 * GetObject, DeleteObject, AbortMultipartUpload, ListBucket, ListBucketMultipartUploads.
 */
export class S3Content extends ArtifactContent {
  readonly storage = 's3';

  private constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {
    super();
  }

  static connect({ bucket, ...options }: S3Options): S3Content {
    const client = new S3Client({
      ...options,
      // Content has its own SHA-256, and not every server knows the checksums that are sent by default.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: TIMEOUTS,
    });
    return new S3Content(client, bucket);
  }

  async write(key: ArtifactKey, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    await new Upload({
      client: this.client,
      params: { ...this.objectOf(key), Body: Readable.from(content) },
      partSize: Math.max(5 * MIB, Math.ceil(maxBytes / MOST_PARTS)),
      // One part at a time: none is under way when an upload is aborted, which would leave it there.
      queueSize: 1,
    }).done();
  }

  async *read(key: ArtifactKey): AsyncGenerator<Uint8Array> {
    const { Body } = await this.client.send(new GetObjectCommand(this.objectOf(key)));
    yield* Body as Readable;
  }

  async remove(key: ArtifactKey): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.objectOf(key)));
    await this.abortUploads(key);
  }

  async check(): Promise<void> {
    await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }));
  }

  close(): void {
    this.client.destroy();
  }

  /** Parts that a process left when it died: they cost, and no listing shows them. */
  private async abortUploads(key: ArtifactKey): Promise<void> {
    const object = this.objectOf(key);
    const { Uploads = [] } = await this.client.send(
      new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: object.Key }),
    );
    for (const { UploadId } of Uploads)
      await this.client.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
  }

  private objectOf({ tenant_id, artifact_id }: ArtifactKey): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${tenant_id.toLowerCase()}/${artifact_id.toLowerCase()}` };
  }
}
