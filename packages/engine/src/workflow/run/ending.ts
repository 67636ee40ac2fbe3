import type { ExecutionError } from '@aumos/agf-domain/runtime';

/** How an execution ends before its graph did. The first reason counts. */
export type Ending = { kind: 'failed'; error: ExecutionError } | { kind: 'cancelled' };

/** Thrown through LangGraph so that it stops; the reason itself is kept beside it. */
export class ExecutionEnding extends Error {
  constructor() {
    super('The execution ends');
    this.name = 'ExecutionEnding';
  }
}
