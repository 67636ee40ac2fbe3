import { inspect } from 'node:util';

/** A value that is never printed: only `reveal()` gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The bytes of a value given in base64. */
  bytes(): Uint8Array {
    return Buffer.from(this.#value, 'base64');
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
