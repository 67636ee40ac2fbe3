import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  goneOf,
  type Page,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { executionView } from '../executions/execution.convert.js';
import { ExecutionView } from '../executions/execution.view.js';
import { IdempotencyKey } from '../executions/idempotency-key.js';
import {
  AgentsQueryDto,
  AgentToolsDto,
  AgentVersionsQueryDto,
  ChangeAgentDto,
  CreateAgentDto,
  InvokeAgentDto,
} from './agent.dto.js';
import { AgentVersionView, AgentView, InvocationView } from './agent.view.js';
import { ChangeAgent } from './change-agent.js';
import { CreateAgent } from './create-agent.js';
import { InvokeAgent } from './invoke-agent.js';
import { ReadAgents } from './read-agents.js';

@ApiTags('agents')
@ApiBearerAuth()
@Controller('agents')
export class AgentsController {
  constructor(
    private readonly read: ReadAgents,
    private readonly createAgent: CreateAgent,
    private readonly changeAgent: ChangeAgent,
    private readonly invokeAgent: InvokeAgent,
  ) {}

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Make an agent' })
  @ApiCreatedResponse({ type: AgentView })
  async create(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: CreateAgentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgentView> {
    const agent = await this.createAgent.run(actor, body);
    void reply.header('location', `/api/v1/agents/${agent.id}`);
    return agent;
  }

  @Get()
  @ApiOperation({ summary: 'Agents' })
  @ApiPage(AgentView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: AgentsQueryDto): Promise<Page<AgentView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One agent' })
  @ApiOkResponse({ type: AgentView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<AgentView> {
    return this.read.get(actor.tenant_id, id);
  }

  @Get(':id/versions')
  @ApiOperation({ summary: 'What the agent was, newest first' })
  @ApiPage(AgentVersionView)
  versions(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: AgentVersionsQueryDto,
  ): Promise<Page<AgentVersionView>> {
    return this.read.versions(actor.tenant_id, id, query);
  }

  @Patch(':id')
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Change an agent: its next version' })
  @ApiOkResponse({ type: AgentView })
  change(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ChangeAgentDto,
  ): Promise<AgentView> {
    return this.changeAgent.run(actor, id, body);
  }

  @Put(':id/tools')
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Replace what the agent may call' })
  @ApiOkResponse({ type: AgentView })
  replaceTools(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: AgentToolsDto,
  ): Promise<AgentView> {
    return this.changeAgent.run(actor, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Retire an agent: it acts no more' })
  @ApiNoContentResponse()
  retire(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.changeAgent.retire(actor, id);
  }

  @Post(':id/invoke')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Have an agent do one thing, and wait for it a while' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and body invoke it once.' })
  @ApiOkResponse({ type: InvocationView })
  @ApiAcceptedResponse({ type: ExecutionView, description: 'it goes on: Location names its execution' })
  async invoke(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: InvokeAgentDto,
    @IdempotencyKey() idempotency_key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvocationView | ExecutionView> {
    const { id: correlation_id } = request;
    const asked = { actor, agent_id: id, body, idempotency_key, correlation_id, gone: goneOf(reply) };
    const invoked = await this.invokeAgent.run(asked);
    if (invoked.kind === 'completed') return invoked.view;
    void reply.status(202).header('location', `/api/v1/executions/${invoked.execution.id}`);
    return executionView(invoked.execution);
  }
}
