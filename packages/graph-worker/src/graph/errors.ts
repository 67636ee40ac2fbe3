import type { ExecutionError, JsonObject } from '@aumos/agf-domain/runtime';

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** What a call that the platform made for the graph ended with. Uncaught it is the calling function node's error. */
export class GraphCallError extends Error {
  constructor(readonly error: ExecutionError) {
    super(error.message);
    this.name = 'GraphCallError';
  }

  get code(): string {
    return this.error.code;
  }
}

/** A failure that the graph names: code, text and details become the function node's error, which `on_error` sees. */
export class GraphError extends Error {
  /** @param code UPPER_SNAKE @throws TypeError for a code that is none */
  constructor(
    readonly code: string,
    message: string,
    readonly details: JsonObject = {},
  ) {
    if (!CODE.test(code)) throw new TypeError(`"${code}" is no code of an error`);
    super(message);
    this.name = 'GraphError';
  }
}
