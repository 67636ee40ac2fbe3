import { ArtifactsRepository } from '../repositories/artifacts.repository.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { ArtifactContents } from './artifact-contents.js';
import { PostgresContent } from './postgres-content.js';
import { type S3Options } from './s3/s3-options.js';

export interface ArtifactStorageOptions {
  /** where new artifacts go */
  store: 'postgres' | 's3';
  /** needed for `s3`; without it artifacts that are there already cannot be read */
  s3?: S3Options;
}

/** The client of S3 is heavy: it loads only where it is used. */
export async function provideContents(
  options: ArtifactStorageOptions,
  db: TenantDb,
  artifacts: ArtifactsRepository,
): Promise<ArtifactContents> {
  const postgres = new PostgresContent(db, artifacts);
  if (!options.s3) {
    if (options.store === 's3') throw new Error('artifacts are to be kept in S3, and nothing says where it is');
    return new ArtifactContents(postgres, [postgres]);
  }
  const { S3Content } = await import('./s3/s3-content.js');
  const s3 = S3Content.connect(options.s3);
  return new ArtifactContents(options.store === 's3' ? s3 : postgres, [postgres, s3]);
}
