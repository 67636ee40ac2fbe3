/** What seals values: persistence's SecretBox is one. */
export interface ValueCipher {
  seal(plaintext: string, context: CipherContext): { key_id: string; ciphertext: Buffer };
  /** @throws Error for an unknown key, another context, or changed bytes */
  open(sealed: { key_id: string; ciphertext: Buffer }, context: CipherContext): string;
}
/** What a sealed value is bound to: elsewhere it does not open. */
export interface CipherContext {
  tenantId: string;
  name: string;
}
