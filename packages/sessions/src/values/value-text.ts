import { ApiError, type Json } from '@aumos/agf-domain';
import { type SessionRef } from '../session-ref.js';
import { type CipherContext, type ValueCipher } from './value-cipher.js';

/** A value with the number of the change that made it. */
export interface Entry {
  value: Json;
  /** grows with every change of the session; never given twice, also not after the session has ended */
  version: number;
}

/** Items of a list that are written together: those that a cap pushed out leave with the last of their part. */
const PART = 32;

/**
 * Values as Redis keeps them, opaque to its scripts. A field is `<version>:J<text>`, or of a list
 * `<version>:L<dead items>,<living items>` and its parts, each `\n<count>:<text>` with a JSON array of so many items, so
 * that a list grows by concatenation; a part that is added once is `\n<count>@<mark>:<text>`. A text is JSON, or sealed `<key id>.<base64>`; neither holds a line feed.
 */
export class ValueText {
  constructor(private readonly cipher: ValueCipher | undefined) {}

  /** What follows the version. */
  write(ref: SessionRef, key: string, value: Json): string {
    if (!Array.isArray(value)) return `J${this.#close(JSON.stringify(value), context(ref, key, 'value'))}`;
    let text = `L0,${String(value.length)}`;
    for (let i = 0; i < value.length; i += PART) {
      const items = value.slice(i, i + PART);
      text += `\n${String(items.length)}:${this.writePart(ref, key, items)}`;
    }
    return text;
  }

  /** What is appended to a list. */
  writePart(ref: SessionRef, key: string, items: readonly Json[]): string {
    return this.#close(JSON.stringify(items), context(ref, key, 'items'));
  }

  /** @throws ApiError INTERNAL_ERROR for what is not as it was written: not sealed, sealed for something else or by an unknown key */
  read(ref: SessionRef, key: string, field: string): Entry {
    try {
      return this.#read(ref, key, field);
    } catch (cause) {
      const error = new ApiError('INTERNAL_ERROR', 'A value of the session does not open with the keys that are set.');
      throw Object.assign(error, { cause });
    }
  }

  #read(ref: SessionRef, key: string, field: string): Entry {
    const at = field.indexOf(':');
    const version = Number(field.slice(0, at));
    const text = field.slice(at + 2);
    if (field[at + 1] === 'J') return { version, value: this.#open(text, context(ref, key, 'value')) };
    const [head = '', ...parts] = text.split('\n');
    const bound = context(ref, key, 'items');
    const items = parts.flatMap((part) => this.#open(part.slice(part.indexOf(':') + 1), bound) as Json[]);
    return { version, value: items.slice(Number.parseInt(head, 10)) };
  }

  #close(json: string, bound: CipherContext): string {
    if (!this.cipher) return json;
    const { key_id, ciphertext } = this.cipher.seal(json, bound);
    return `${key_id}.${ciphertext.toString('base64')}`;
  }

  #open(text: string, bound: CipherContext): Json {
    if (!this.cipher) return JSON.parse(text) as Json;
    const at = text.indexOf('.');
    const sealed = { key_id: text.slice(0, at), ciphertext: Buffer.from(text.slice(at + 1), 'base64') };
    return JSON.parse(this.cipher.open(sealed, bound)) as Json;
  }
}

/** The session's name holds its agent, or its execution. */
const context = ({ tenant, name }: SessionRef, key: string, kind: 'value' | 'items'): CipherContext => ({
  tenantId: tenant,
  name: JSON.stringify(['session', name, key, kind]),
});
