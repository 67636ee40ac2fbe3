import { ApiError, type Json, type JsonObject } from '@aumos/agf-domain';
import { replacementIssues } from '@aumos/agf-engine/checkpoints';
import { DefinitionsRepository, type ExecutionEntity, type ExecutionOrigin } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { ForkDto } from './anew.dto.js';
import { type AnewRequest, MakeExecutionOf } from './make-execution-of.js';
import { WhereItBegan } from './where-it-began.js';

/** A new execution that begins with the whole step of a visit of the other one, with other values in channels if given. */
@Injectable()
export class ForkExecution {
  constructor(
    private readonly make: MakeExecutionOf,
    private readonly began: WhereItBegan,
    private readonly definitions: DefinitionsRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, NO_CHECKPOINTS, NO_SUCH_VISIT, UNKNOWN_CHANNEL, STATE_SCHEMA, and what a start throws */
  async run(request: AnewRequest<ForkDto>): Promise<ExecutionEntity> {
    const { node, visit, state } = request.body;
    const body: Json = { node, visit: visit ?? null, state: (state as JsonObject | undefined) ?? null };
    return this.make.run({ ...request, body }, (row) => this.origin(row, request.body), 'fork');
  }

  private async origin(row: ExecutionEntity, { node, visit, state }: ForkDto): Promise<ExecutionOrigin> {
    const { step, due } = await this.began.of(row.id, node, visit);
    if (state !== undefined) await this.check(row, state as JsonObject);
    const last = due[node]?.at(-1)?.visit ?? null;
    return {
      kind: 'fork',
      execution_id: row.id,
      at: { step, node, visit: visit ?? last },
      ...(state === undefined ? {} : { state: state as JsonObject }),
    };
  }

  private async check(row: ExecutionEntity, state: JsonObject): Promise<void> {
    const version = await this.definitions.getVersion(row.workflow_id, row.workflow_version);
    if (!version) throw notFound();
    const issues = replacementIssues(version.definition, state);
    if (issues.length === 0) return;
    const unknown = issues.some(({ kind }) => kind === 'unknown_channel');
    const fields = issues.map(({ pointer, message }) => ({
      field: ['state', ...pointer.split('/').slice(1)].join('.'),
      error: message,
    }));
    throw unknown
      ? new ApiError('UNKNOWN_CHANNEL', 'The workflow has no such channel.', { fields })
      : new ApiError('STATE_SCHEMA', "A value does not fit its channel's schema.", { fields });
  }
}
