import type { Handlers } from '@aumos/agf-node-worker';

/** The handlers that this process runs itself: those of function nodes with the placement `local`. */
export class LocalHandlers {
  constructor(readonly handlers: Handlers) {}
}
