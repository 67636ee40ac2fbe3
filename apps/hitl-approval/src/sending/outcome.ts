/** What became of one attempt. Errors are codes: texts of receivers are not kept. */
export type Outcome =
  | { kind: 'delivered'; status: number | null; error?: string }
  /** another attempt may help; after `asked` seconds, where the receiver said so */
  | { kind: 'failed'; status: number | null; error: string; asked?: number | null }
  /** no further attempt would */
  | { kind: 'refused'; status: number | null; error: string }
  /** its receiver wants nothing any more: the channel is done with */
  | { kind: 'gone'; status: number; error: string };
