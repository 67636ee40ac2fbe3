import { type AuthenticatedActor, CurrentActor, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CancelExecution } from './cancel-execution.js';
import { executionView, statusView } from './execution.convert.js';
import { ExecuteDto, ExecutionOfWorkflowDto } from './execution.dto.js';
import { ExecutionView, WorkflowStatusView } from './execution.view.js';
import { IdempotencyKey } from './idempotency-key.js';
import { ReadExecutions } from './read-executions.js';
import { StartExecution } from './start-execution.js';
import { startRequest } from './start-request.js';

/** Executions below their workflow: starts, and the routes of the original. */
@ApiTags('executions')
@ApiBearerAuth()
@Controller('workflows/:id')
export class WorkflowExecutionsController {
  constructor(
    private readonly start: StartExecution,
    private readonly read: ReadExecutions,
    private readonly cancel: CancelExecution,
  ) {}

  @Post('execute')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Start an execution' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and body start one execution.' })
  @ApiBody({ type: ExecuteDto, required: false })
  @ApiAcceptedResponse({ type: ExecutionView })
  async execute(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ExecuteDto,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionView> {
    const row = await this.start.run(startRequest(actor, id, body, key, request));
    void reply.header('location', `/api/v1/executions/${row.id}`);
    return executionView(row);
  }

  @Get('status')
  @ApiOperation({ summary: 'Status of an execution of this workflow' })
  @ApiOkResponse({ type: WorkflowStatusView })
  async status(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: ExecutionOfWorkflowDto,
  ): Promise<WorkflowStatusView> {
    return statusView(await this.read.ofWorkflow(actor.tenant_id, query.execution_id.toLowerCase(), id));
  }

  @Post('cancel')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Cancel an execution of this workflow' })
  @ApiOkResponse({ type: ExecutionView })
  async cancelOne(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: ExecutionOfWorkflowDto,
  ): Promise<ExecutionView> {
    return executionView(await this.cancel.run(actor, query.execution_id.toLowerCase(), id));
  }
}
