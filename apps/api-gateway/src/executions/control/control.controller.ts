import type { Json } from '@aumos/agf-domain';
import { AnyJsonBody, type AuthenticatedActor, CurrentActor, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { executionView } from '../execution.convert.js';
import { ExecutionView } from '../execution.view.js';
import { IdempotencyKey } from '../idempotency-key.js';
import { PauseExecution } from './pause-execution.js';
import { SendSignal } from './send-signal.js';

/** What a running execution is told. */
@ApiTags('executions')
@ApiBearerAuth()
@Controller('executions')
export class ControlController {
  constructor(
    private readonly pauseExecution: PauseExecution,
    private readonly sendSignal: SendSignal,
  ) {}

  @Post(':id/pause')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Let no further node begin; what is under way ends. Paused already: nothing changes' })
  @ApiAcceptedResponse({ type: ExecutionView })
  async pause(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ExecutionView> {
    return executionView(await this.pauseExecution.run(actor, id, true));
  }

  @Post(':id/resume')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Go on after a pause. Not paused: nothing changes' })
  @ApiAcceptedResponse({ type: ExecutionView })
  async resume(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ExecutionView> {
    return executionView(await this.pauseExecution.run(actor, id, false));
  }

  @Post(':id/signals/:name')
  @HttpCode(202)
  @AnyJsonBody()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Send a signal to its wait nodes: the body is the payload, at most 128 KiB of JSON' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiBody({ required: false, schema: { nullable: true, description: 'any JSON value; absent is null' } })
  @ApiAcceptedResponse({ type: ExecutionView })
  async signal(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('name') name: string,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<ExecutionView> {
    const payload = (request.body ?? null) as Json;
    const asked = { actor, execution_id: id, name, payload };
    return executionView(await this.sendSignal.run(key === undefined ? asked : { ...asked, idempotency_key: key }));
  }
}
