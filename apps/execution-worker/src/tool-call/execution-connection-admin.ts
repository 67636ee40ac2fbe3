import { ApiError, CallerError, ConnectionAdmin, type ConnectionInfo, type JsonObject } from '@aumos/agf-domain';
import type { ChangeConnections } from '@aumos/agf-persistence';

/** The tenant's connections, changed in the name of who started the execution. */
export class ExecutionConnectionAdmin extends ConnectionAdmin {
  constructor(
    private readonly connections: ChangeConnections,
    private readonly actor: { tenant_id: string; sub: string },
  ) {
    super();
  }

  list(): Promise<ConnectionInfo[]> {
    return this.connections.list(this.actor.tenant_id);
  }

  create(input: unknown): Promise<ConnectionInfo> {
    return told(this.connections.create(this.actor, input));
  }

  replace(name: string, input: unknown): Promise<ConnectionInfo> {
    return told(this.connections.replace(this.actor, name, input));
  }

  disable(name: string): Promise<ConnectionInfo> {
    return told(this.connections.disable(this.actor, name));
  }
}

const CODES: Readonly<Record<string, string>> = {
  VALIDATION_ERROR: 'CONNECTION_INVALID',
  NOT_FOUND: 'CONNECTION_NOT_FOUND',
  CONFLICT: 'CONNECTION_EXISTS',
};

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof ApiError ? CODES[error.code] : undefined;
    if (!(error instanceof ApiError) || code === undefined) throw error;
    const { fields = [] } = error.details;
    throw new CallerError(code, error.message, fields.length === 0 ? {} : ({ fields } as unknown as JsonObject));
  }
}
