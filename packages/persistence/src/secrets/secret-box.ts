import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV = 12;
const TAG = 16;

export interface Sealed {
  key_id: string;
  /** iv (12 bytes) · tag (16 bytes) · ciphertext */
  ciphertext: Buffer;
}

/** AES-256-GCM. The associated data binds what is sealed to its tenant and name: a copied row does not open elsewhere. */
export class SecretBox {
  private readonly keys = new Map<string, Buffer>();
  private readonly current: string;

  /** The first key seals, every key opens: put the new one first to rotate. @throws Error unless each has 32 bytes */
  constructor(keys: readonly Buffer[]) {
    for (const key of keys) {
      if (key.length !== 32) throw new Error('a secrets key must have 32 bytes');
      this.keys.set(keyId(key), key);
    }
    if (!keys[0]) throw new Error('a secret box needs a key');
    this.current = keyId(keys[0]);
  }

  /** base64; several keys are divided by commas. */
  static fromBase64(text: string): SecretBox {
    return new SecretBox(text.split(',').map((one) => Buffer.from(one.trim(), 'base64')));
  }

  seal(plaintext: string, context: { tenantId: string; name: string }): Sealed {
    const iv = randomBytes(IV);
    const cipher = createCipheriv(ALGORITHM, this.keys.get(this.current)!, iv).setAAD(associated(context));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return { key_id: this.current, ciphertext: Buffer.concat([iv, cipher.getAuthTag(), body]) };
  }

  /** @throws Error for an unknown key, another context, or changed bytes */
  open(sealed: Sealed, context: { tenantId: string; name: string }): string {
    const key = this.keys.get(sealed.key_id);
    if (!key) throw new Error(`no key ${sealed.key_id} to open the secret with`);
    const data = sealed.ciphertext;
    const decipher = createDecipheriv(ALGORITHM, key, data.subarray(0, IV), { authTagLength: TAG });
    decipher.setAAD(associated(context)).setAuthTag(data.subarray(IV, IV + TAG));
    return Buffer.concat([decipher.update(data.subarray(IV + TAG)), decipher.final()]).toString('utf8');
  }
}

const keyId = (key: Buffer): string => createHash('sha256').update('agf-key-id').update(key).digest('hex').slice(0, 8);
const associated = (context: { tenantId: string; name: string }): Buffer =>
  Buffer.from(`${context.tenantId.toLowerCase()}\n${context.name}`, 'utf8');
