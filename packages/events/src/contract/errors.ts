/** An event that does not fit its schema. It can never be sent: its aggregate waits until somebody repairs the row. */
export class EventEncodingError extends Error {
  override readonly name = 'EventEncodingError';
}

/** Bytes or headers from which no event can be read, or that contradict one another. Goes to the dead letters at once. */
export class EventDecodingError extends Error {
  override readonly name = 'EventDecodingError';
}
