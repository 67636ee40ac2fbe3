import type { artifactStorageSettings } from './catalogue.js';
import { SETTINGS_PREFIX } from './setting.js';
import { SettingsError } from './settings-error.js';
import type { Settings } from './settings.js';

/** Where artifacts are: what persistence takes. */
export interface ArtifactStorage {
  store: 'postgres' | 's3';
  s3?: {
    bucket: string;
    region: string;
    endpoint?: string;
    forcePathStyle: boolean;
    credentials?: { accessKeyId: string; secretAccessKey: string };
  };
}
type StorageSettings = Settings<typeof artifactStorageSettings>;

const named = (name: string): string => `${SETTINGS_PREFIX}ARTIFACT_S3_${name}`;

/** @throws SettingsError when settings that belong together are not all there */
export function artifactStorageOf(settings: StorageSettings): ArtifactStorage {
  const problems = missing(settings);
  if (problems.length > 0) throw new SettingsError(problems);
  const { artifactStore: store, artifactS3Bucket: bucket, artifactS3Region: region } = settings;
  if (bucket === undefined || region === undefined) return { store };
  const { artifactS3AccessKey: key, artifactS3SecretKey: secret, artifactS3Endpoint: endpoint } = settings;
  const credentials = key && secret && { accessKeyId: key.reveal(), secretAccessKey: secret.reveal() };
  return { store, s3: { bucket, region, endpoint, forcePathStyle: settings.artifactS3ForcePathStyle, credentials } };
}

function missing(settings: StorageSettings): string[] {
  const { artifactS3Bucket: bucket, artifactS3Region: region } = settings;
  const { artifactS3AccessKey: key, artifactS3SecretKey: secret } = settings;
  const why = settings.artifactStore === 's3' ? `needed for ${SETTINGS_PREFIX}ARTIFACT_STORE=s3` : undefined;
  const problems: string[] = [];
  if (!bucket && (why || region))
    problems.push(`${named('BUCKET')}: missing, ${why ?? `needed with ${named('REGION')}`}`);
  if (!region && (why || bucket))
    problems.push(`${named('REGION')}: missing, ${why ?? `needed with ${named('BUCKET')}`}`);
  if (key && !secret) problems.push(`${named('SECRET_KEY')}: missing, needed with ${named('ACCESS_KEY')}`);
  if (secret && !key) problems.push(`${named('ACCESS_KEY')}: missing, needed with ${named('SECRET_KEY')}`);
  return problems;
}
