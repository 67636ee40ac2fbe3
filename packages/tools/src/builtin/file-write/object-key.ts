import { CallerError } from '@aumos/agf-domain';

/** What every store takes without escaping it in its own way; Source: S3, "Object key naming guidelines". */
const PART = /^[A-Za-z0-9!_.*'()=@+, -]+$/;
const MOST_BYTES = 1_024;

/** Below the connection's prefix, and nowhere else. @throws CallerError `INVALID_KEY` */
export function objectKey(prefix: string, key: string): string {
  const parts = key.split('/');
  const bad = parts.find((part) => part === '' || part === '.' || part === '..' || !PART.test(part));
  if (bad !== undefined || Buffer.byteLength(prefix + key) > MOST_BYTES)
    throw new CallerError(
      'INVALID_KEY',
      "a key is parts of letters, digits, spaces and !_.*'()=@+,- divided by /: none is empty, . or ..",
    );
  return prefix + key;
}
