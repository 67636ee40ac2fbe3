/** One way in which a value is not as its schema says. */
export interface SchemaIssue {
  /** JSON pointer into the value; empty for the value itself */
  pointer: string;
  message: string;
}

/** The schema itself is not usable: malformed, too large, a reference that leaves it or leads nowhere. */
export class InvalidSchemaError extends Error {
  constructor(
    message: string,
    /** JSON pointer into the schema */
    readonly pointer = '',
  ) {
    super(pointer === '' ? message : `${message} at ${pointer}`);
    this.name = 'InvalidSchemaError';
  }
}
