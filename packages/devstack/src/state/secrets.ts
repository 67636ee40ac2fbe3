import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from './json-file.js';

/** Passwords and keys: made once on this machine, kept readable by its owner alone. */
export class Secrets {
  private readonly values: Record<string, string>;

  constructor(private readonly file: string) {
    this.values = (readJson(file) as Record<string, string> | undefined) ?? {};
  }

  /** A password of 24 random bytes, safe in a URL. */
  password(name: string): string {
    return this.value(name, () => randomBytes(24).toString('base64url'));
  }

  /** A key of 32 random bytes, base64. */
  key(name: string): string {
    return this.value(name, () => randomBytes(32).toString('base64'));
  }

  private value(name: string, make: () => string): string {
    const kept = this.values[name];
    if (kept !== undefined) return kept;
    const made = make();
    this.values[name] = made;
    writeJson(this.file, this.values, 0o600);
    return made;
  }
}
