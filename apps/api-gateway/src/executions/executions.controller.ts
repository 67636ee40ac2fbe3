import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CancelExecution } from './cancel-execution.js';
import { checkCursor } from './check-cursor.js';
import { executionView } from './execution.convert.js';
import { ExecutionsQueryDto, TracesQueryDto, VisitsQueryDto } from './execution.dto.js';
import { ExecutionView, TraceView, VisitView } from './execution.view.js';
import { ReadExecutions } from './read-executions.js';

@ApiTags('executions')
@ApiBearerAuth()
@Controller('executions')
export class ExecutionsController {
  constructor(
    private readonly read: ReadExecutions,
    private readonly cancelExecution: CancelExecution,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Executions, newest first' })
  @ApiPage(ExecutionView)
  list(
    @CurrentActor() actor: AuthenticatedActor,
    @Query() query: ExecutionsQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<Page<ExecutionView>> {
    checkCursor(query, request.query as object);
    return this.read.list(actor.tenant_id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One execution' })
  @ApiOkResponse({ type: ExecutionView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ExecutionView> {
    return this.read.get(actor.tenant_id, id);
  }

  @Get(':id/nodes')
  @ApiOperation({ summary: 'Visits of its nodes, in the order they were reached' })
  @ApiPage(VisitView)
  nodes(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: VisitsQueryDto,
  ): Promise<Page<VisitView>> {
    return this.read.visitsOf(actor.tenant_id, id, query);
  }

  @Get(':id/traces')
  @ApiOperation({ summary: 'What happened inside its visits: tools, approvals, breakers, privileges' })
  @ApiPage(TraceView)
  traces(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: TracesQueryDto,
  ): Promise<Page<TraceView>> {
    return this.read.tracesOf(actor.tenant_id, id, query);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Ask for its end' })
  @ApiAcceptedResponse({ type: ExecutionView })
  async cancel(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ExecutionView> {
    return executionView(await this.cancelExecution.run(actor, id));
  }
}
