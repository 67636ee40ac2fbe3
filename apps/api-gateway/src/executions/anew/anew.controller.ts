import { type ExecutionEntity } from '@aumos/agf-persistence';
import { type AuthenticatedActor, CurrentActor, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems, START_PROBLEMS } from '../../openapi/api-problems.js';
import { executionView } from '../execution.convert.js';
import { ExecutionView } from '../execution.view.js';
import { IdempotencyKey } from '../idempotency-key.js';
import { ForkDto, ReplayDto, RetryDto } from './anew.dto.js';
import { ForkExecution } from './fork-execution.js';
import type { AnewRequest } from './make-execution-of.js';
import { ReplayExecution } from './replay-execution.js';
import { RetryExecution } from './retry-execution.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key and body start one execution.' };
const NONE = 'NO_CHECKPOINTS: its steps were not recorded. NO_SUCH_VISIT: the node, or this visit of it, never began.';

/** Executions that are made of other ones. Who asks for one is its initiator, and so never decides its approvals. */
@ApiTags('executions')
@ApiBearerAuth()
@Controller('executions/:id')
export class AnewController {
  constructor(
    private readonly retryExecution: RetryExecution,
    private readonly forkExecution: ForkExecution,
    private readonly replayExecution: ReplayExecution,
  ) {}

  @Post('retry')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({
    summary: 'A new execution from the step that failed',
    description: 'Visits of that step which ended well do not run again; approvals are asked for anew.',
  })
  @ApiHeader(KEY)
  @ApiBody({ type: RetryDto, required: false })
  @ApiAcceptedResponse({ type: ExecutionView })
  @ApiProblems({
    ...START_PROBLEMS,
    422: `INVALID_STATE: it neither failed nor was cancelled. ${NONE} IDEMPOTENCY_KEY_REUSED.`,
  })
  async retry(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: RetryDto,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionView> {
    return accepted(await this.retryExecution.run(anewRequest(actor, id, body, key, request)), reply);
  }

  @Post('fork')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({
    summary: 'A new execution from the step of a visit, with other state if given',
    description: 'The whole step runs again; the other execution may have ended or not, and is not touched.',
  })
  @ApiHeader(KEY)
  @ApiAcceptedResponse({ type: ExecutionView })
  @ApiProblems({
    ...START_PROBLEMS,
    422: `${NONE} UNKNOWN_CHANNEL, STATE_SCHEMA: \`details.fields\` says which member of \`state\`. IDEMPOTENCY_KEY_REUSED.`,
  })
  async fork(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ForkDto,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionView> {
    return accepted(await this.forkExecution.run(anewRequest(actor, id, body, key, request)), reply);
  }

  @Post('replay')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'A new execution of the same version from its start, with the same input or another' })
  @ApiHeader(KEY)
  @ApiBody({ type: ReplayDto, required: false })
  @ApiAcceptedResponse({ type: ExecutionView })
  @ApiProblems({ ...START_PROBLEMS, 422: 'IDEMPOTENCY_KEY_REUSED.' })
  async replay(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ReplayDto,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionView> {
    return accepted(await this.replayExecution.run(anewRequest(actor, id, body, key, request)), reply);
  }
}

const anewRequest = <B>(
  actor: AuthenticatedActor,
  execution_id: string,
  body: B,
  key: string | undefined,
  request: FastifyRequest,
): AnewRequest<B> => ({
  actor,
  execution_id,
  body,
  correlation_id: request.id,
  ...(key === undefined ? {} : { idempotency_key: key }),
});

function accepted(row: ExecutionEntity, reply: FastifyReply): ExecutionView {
  void reply.header('location', `/api/v1/executions/${row.id}`);
  return executionView(row);
}
