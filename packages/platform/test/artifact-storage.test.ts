import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { artifactStorageOf, artifactStorageSettings, loadSettings, SettingsError } from '../src/index.js';

const NAMES = [
  'STORE',
  'S3_BUCKET',
  'S3_REGION',
  'S3_ENDPOINT',
  'S3_FORCE_PATH_STYLE',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
];

/** Settings by name without AUMOS_AGF_ARTIFACT_, as the environment has them. */
const storageOf = (given: Record<string, string>): ReturnType<typeof artifactStorageOf> => {
  expect(NAMES).toEqual(expect.arrayContaining(Object.keys(given)));
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`AUMOS_AGF_ARTIFACT_${name}`, value]));
  return artifactStorageOf(loadSettings(artifactStorageSettings, env));
};
const problemsOf = (given: Record<string, string>): readonly string[] => {
  try {
    storageOf(given);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).problems;
  }
  return [];
};

describe('where artifacts are', () => {
  it('is PostgreSQL when nothing is said', () => {
    expect(storageOf({})).toEqual({ store: 'postgres' });
  });

  it('is a bucket of AWS, by the default chain of credentials', () => {
    expect(storageOf({ STORE: 's3', S3_BUCKET: 'data', S3_REGION: 'eu-central-1' })).toEqual({
      store: 's3',
      s3: { bucket: 'data', region: 'eu-central-1', forcePathStyle: false },
    });
  });

  it('is a bucket elsewhere, by keys', () => {
    const given = {
      STORE: 's3',
      S3_BUCKET: 'data',
      S3_REGION: 'us-east-1',
      S3_ENDPOINT: 'http://s3:9000',
      S3_FORCE_PATH_STYLE: 'true',
      S3_ACCESS_KEY: 'key',
      S3_SECRET_KEY: 'secret',
    };
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const s3 = { bucket: 'data', region: 'us-east-1', endpoint: 'http://s3:9000', forcePathStyle: true, credentials };
    expect(storageOf(given)).toEqual({ store: 's3', s3 });
    expect(storageOf({ ...given, STORE: 'postgres' })).toEqual({ store: 'postgres', s3 });
  });

  it.each<[Record<string, string>, string[]]>([
    [
      { STORE: 's3' },
      [
        'AUMOS_AGF_ARTIFACT_S3_BUCKET: missing, needed for AUMOS_AGF_ARTIFACT_STORE=s3',
        'AUMOS_AGF_ARTIFACT_S3_REGION: missing, needed for AUMOS_AGF_ARTIFACT_STORE=s3',
      ],
    ],
    [
      { STORE: 's3', S3_BUCKET: 'data' },
      ['AUMOS_AGF_ARTIFACT_S3_REGION: missing, needed for AUMOS_AGF_ARTIFACT_STORE=s3'],
    ],
    [{ S3_BUCKET: 'data' }, ['AUMOS_AGF_ARTIFACT_S3_REGION: missing, needed with AUMOS_AGF_ARTIFACT_S3_BUCKET']],
    [{ S3_REGION: 'eu' }, ['AUMOS_AGF_ARTIFACT_S3_BUCKET: missing, needed with AUMOS_AGF_ARTIFACT_S3_REGION']],
    [
      { S3_ACCESS_KEY: 'k' },
      ['AUMOS_AGF_ARTIFACT_S3_SECRET_KEY: missing, needed with AUMOS_AGF_ARTIFACT_S3_ACCESS_KEY'],
    ],
    [
      { S3_SECRET_KEY: 'hidden' },
      ['AUMOS_AGF_ARTIFACT_S3_ACCESS_KEY: missing, needed with AUMOS_AGF_ARTIFACT_S3_SECRET_KEY'],
    ],
  ])('is not said by %j', (given, problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });

  it('refuses what is no bucket, and never shows a key', () => {
    expect(problemsOf({ S3_BUCKET: 'My_Bucket' })).toEqual([
      `AUMOS_AGF_ARTIFACT_S3_BUCKET: expected a bucket's name, got "My_Bucket"`,
    ]);
    const env = { AUMOS_AGF_ARTIFACT_S3_SECRET_KEY: 'hidden' };
    expect(inspect(loadSettings(artifactStorageSettings, env))).not.toContain('hidden');
  });
});
