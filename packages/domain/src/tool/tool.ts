import type { Json, JsonObject, JsonSchema } from '../json/json.js';
import type { Fault } from '../errors/fault.js';
import type { PrivilegeLevel } from '../privilege/privilege-level.js';
import type { ConnectionAdmin, ConnectionResolver } from './connection/connection.js';
import type { ExecutionStarter } from './execution-starter.js';
import type { OutgoingClient } from './outgoing.js';
import type { ToolModels } from './tool-models.js';

export const TOOL_CATEGORIES = ['data', 'text', 'http', 'messaging', 'workflow', 'admin'] as const;

export interface ToolSpec {
  name: string;
  version: number;
  description: string;
  category: (typeof TOOL_CATEGORIES)[number];
  input_schema: JsonSchema;
  output_schema: JsonSchema;
  min_privilege_level: PrivilegeLevel;
  /** A tool that is not idempotent is tried once: its unknown outcome is `OUTCOME_UNKNOWN`. */
  idempotent: boolean;
  timeout_seconds: number;
}

export interface ArtifactInfo {
  id: string;
  name: string;
  content_type: string;
  size: number;
  sha256: string;
}

/** Reads the tenant's artifacts; bound to one tenant. */
export abstract class ArtifactReader {
  /** @throws ToolError `ARTIFACT_NOT_FOUND` */
  abstract open(id: string): Promise<{ info: ArtifactInfo; content: AsyncIterable<Uint8Array> }>;
}

/** Opens the tenant's secrets; bound to one tenant. */
export abstract class SecretResolver {
  /**
   * The value: never logged, never in results or errors.
   * @param host that it is sent to, as `URL.host` has it
   * @throws ToolError `SECRET_NOT_FOUND` when the tenant has none of that name for that host
   */
  abstract open(name: string, host: string): Promise<string>;
}

export interface ToolContext {
  tenant_id: string;
  execution_id: string;
  node: string;
  visit: number;
  /** `execution/node/visit`: the same for every attempt of a visit */
  effect_key: string;
  signal: AbortSignal;
  heartbeat(details?: Json): void;
  artifacts: ArtifactReader;
  connections: ConnectionResolver;
  secrets: SecretResolver;
  connectionAdmin: ConnectionAdmin;
  executions: ExecutionStarter;
  models: ToolModels;
  /** the only way out to what a tenant names */
  outgoing: OutgoingClient;
}

export interface BuiltinTool {
  spec: ToolSpec;
  /** Arguments are already valid against `spec.input_schema`. */
  run(args: JsonObject, context: ToolContext): Promise<Json>;
}

/** A failure the tool names itself: of its own, or of what it needs. Retried if it says so. */
export class ToolError extends Error {
  /** whose it is: breakers count the tool's only */
  readonly fault: Fault = 'tool';

  constructor(
    readonly code: string,
    message: string,
    readonly retryable = false,
    readonly details: JsonObject = {},
  ) {
    super(message);
    this.name = 'ToolError';
  }
}

/** The tool is well: what it was asked to do, or given to work on, cannot be done. Asking again changes nothing. */
export class CallerError extends ToolError {
  override readonly fault = 'caller';

  constructor(code: string, message: string, details: JsonObject = {}) {
    super(code, message, false, details);
  }
}
