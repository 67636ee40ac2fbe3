import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AgentsQueryDto, CreateAgentDto } from './agent.dto.js';
import { AgentView } from './agent.view.js';
import { CreateAgent } from './create-agent.js';
import { ReadAgents } from './read-agents.js';

@ApiTags('agents')
@ApiBearerAuth()
@Controller('agents')
export class AgentsController {
  constructor(
    private readonly read: ReadAgents,
    private readonly createAgent: CreateAgent,
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
}
