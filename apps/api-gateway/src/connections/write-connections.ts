import {
  type Actor,
  checkConnection,
  CONNECTION_ADMIN_LEVEL,
  type ConnectionInfo,
  invalidRequest,
} from '@aumos/agf-domain';
import { ChangeConnections } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../members/own-level.js';
import type { CreateConnectionDto, ReplaceConnectionDto } from './connection.dto.js';

/** Connections by those who have the level of `connection_admin`, which does the same. */
@Injectable()
export class WriteConnections {
  constructor(
    private readonly connections: ChangeConnections,
    private readonly level: OwnLevel,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, CONFLICT when the tenant has the name */
  async create(actor: Actor, body: CreateConnectionDto): Promise<ConnectionInfo> {
    const checked = checkConnection({ ...body });
    if ('fields' in checked) throw invalidRequest(checked.fields);
    await this.mayWrite(actor, 'connection.create', checked.definition.name);
    return this.connections.create(actor, { ...body });
  }

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, NOT_FOUND */
  async replace(actor: Actor, name: string, body: ReplaceConnectionDto): Promise<ConnectionInfo> {
    await this.connections.get(actor.tenant_id, name);
    await this.mayWrite(actor, 'connection.replace', name);
    return this.connections.replace(actor, name, { ...body });
  }

  /** @throws ApiError PRIVILEGE_DENIED, NOT_FOUND */
  async remove(actor: Actor, name: string): Promise<void> {
    await this.connections.get(actor.tenant_id, name);
    await this.mayWrite(actor, 'connection.remove', name);
    await this.connections.remove(actor, name);
  }

  private async mayWrite(actor: Actor, action: string, name: string): Promise<void> {
    const why = `Connections are changed at level ${String(CONNECTION_ADMIN_LEVEL)}.`;
    const refusal = { action, resource_type: 'connection', resource_id: name, why };
    await this.level.mustReach(actor, CONNECTION_ADMIN_LEVEL, refusal);
  }
}
