import { type Actor, type Json } from '@aumos/agf-domain';
import { type ExecutionEntity, type ExecutionOrigin, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { StartExecution, type StartRequest } from '../start-execution.js';

/** What retry, fork and replay are asked with. */
export interface AnewRequest<B> {
  actor: Actor;
  /** of the execution that another one is made of */
  execution_id: string;
  body: B;
  idempotency_key?: string;
  correlation_id: string;
}

/** Makes an execution of another one, of the same version. It starts as any other: slot, permit, key, its own initiator. */
@Injectable()
export class MakeExecutionOf {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly start: StartExecution,
  ) {}

  /**
   * @param choose where it begins, in a tenant scope; not asked where the key was used before
   * @param override an input in place of the other one's, in this member of the body
   * @throws ApiError NOT_FOUND, what StartExecution and `choose` throw
   */
  async run(
    { actor, execution_id, body, ...request }: AnewRequest<Json>,
    choose: (row: ExecutionEntity) => ExecutionOrigin | Promise<ExecutionOrigin>,
    kind: ExecutionOrigin['kind'],
    override?: Pick<StartRequest, 'input' | 'input_member'>,
  ): Promise<ExecutionEntity> {
    const row = await this.db.run(actor.tenant_id, () => this.executions.get(execution_id));
    if (!row) throw notFound();
    return this.start.run({
      ...request,
      actor,
      workflow_id: row.workflow_id,
      version: row.workflow_version,
      input: row.input_data,
      ...(row.session_id === null ? {} : { session_id: row.session_id }),
      ...override,
      asked: { scope: `${kind}:${row.id}`, body },
      origin: () => this.db.run(actor.tenant_id, async () => choose(row)),
    });
  }
}
