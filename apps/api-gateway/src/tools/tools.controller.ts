import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../openapi/api-problems.js';
import { DisableTool } from './disable-tool.js';
import { NamePipe } from './name-pipe.js';
import { ReadTools } from './read-tools.js';
import { RegisterTool } from './register-tool.js';
import { RegisteredToolView } from './registered-tool.view.js';
import { ReviewTool } from './review-tool.js';
import { ReviseTool } from './revise-tool.js';
import { RegisterToolDto, ReviewToolDto, ReviseToolDto, ToolsQueryDto } from './tool.dto.js';

@ApiTags('tools')
@ApiBearerAuth()
@Controller('tools')
export class ToolsController {
  constructor(
    private readonly read: ReadTools,
    private readonly register: RegisterTool,
    private readonly reviseTool: ReviseTool,
    private readonly disableTool: DisableTool,
    private readonly reviewTool: ReviewTool,
  ) {}

  @Get()
  @ApiOperation({ summary: "The tenant's own tools" })
  @ApiPage(RegisteredToolView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: ToolsQueryDto): Promise<Page<RegisteredToolView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Register a tool' })
  @ApiCreatedResponse({ type: RegisteredToolView })
  @ApiProblems({
    409: 'CONFLICT: the tenant has the name, or had it.',
    422: 'TOOL_DIFFERS: what is sent is not what its server says.',
    502: 'BAD_GATEWAY: its server gives no answer.',
  })
  async create(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: RegisterToolDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredToolView> {
    const tool = await this.register.run(actor, body);
    void reply.header('location', `/api/v1/tools/${tool.name}`);
    return tool;
  }

  @Get(':name')
  @ApiOperation({ summary: 'One of them, in its last version' })
  @ApiOkResponse({ type: RegisteredToolView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<RegisteredToolView> {
    return this.read.get(actor.tenant_id, name);
  }

  @Put(':name')
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Its next version, enabled; the body is all of it' })
  @ApiOkResponse({ type: RegisteredToolView })
  @ApiProblems({ 409: 'CONFLICT: somebody else has just changed it.' })
  revise(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name', NamePipe) name: string,
    @Body() body: ReviseToolDto,
  ): Promise<RegisteredToolView> {
    return this.reviseTool.run(actor, name, body);
  }

  @Delete(':name')
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Disable it: no version of it is called any more' })
  @ApiNoContentResponse()
  disable(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<void> {
    return this.disableTool.run(actor, name);
  }

  @Post(':name/review')
  @HttpCode(200)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Decide on what its server says of it now' })
  @ApiOkResponse({ type: RegisteredToolView })
  @ApiProblems({
    409: 'CONFLICT: something else is to be reviewed by now.',
    422: 'INVALID_STATE: it waits for no review.',
  })
  review(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name', NamePipe) name: string,
    @Body() body: ReviewToolDto,
  ): Promise<RegisteredToolView> {
    return this.reviewTool.run(actor, name, body);
  }
}
