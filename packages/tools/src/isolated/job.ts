import { type Fault, type Json } from '@aumos/agf-domain/runtime';

/** What is done apart from the caller's own thread: each takes what anybody wrote, and gives JSON. */
export type Job =
  | { kind: 'feed'; text: string; most: number }
  | { kind: 'markdown'; html: string }
  | { kind: 'plain'; html: string }
  | { kind: 'query'; expression: string; data: Json };

/** What the thread says in the end; a result is JSON's text. */
export type JobEnd =
  | { kind: 'done'; result: string }
  | { kind: 'refused'; code: string; message: string; fault: Fault }
  | { kind: 'too_complex' }
  | { kind: 'too_large' };
