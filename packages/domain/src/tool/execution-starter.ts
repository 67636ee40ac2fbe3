import type { Json } from '../json/json.js';

/** Which workflow of the tenant, by its name. */
export interface StartOrder {
  workflow: string;
  /** default: the newest */
  version?: number;
  input: Json;
}

export interface StartedExecution {
  execution_id: string;
  workflow_id: string;
  version: number;
}

/** Starts executions of their own; bound to one call, whose effect key is the key of the start. */
export abstract class ExecutionStarter {
  /**
   * In the name of who started the calling execution, at no more than that one's effective level.
   * @throws ToolError `UNKNOWN_WORKFLOW`, `INVALID_INPUT`, `DEPTH_EXCEEDED`, `QUOTA_EXCEEDED`, `CIRCUIT_OPEN`
   */
  abstract start(order: StartOrder): Promise<StartedExecution>;
}
