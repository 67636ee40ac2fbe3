import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  type Page,
  PageQuery,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PublishVersion } from './publish-version.js';
import { PublishWorkflow } from './publish-workflow.js';
import { ReadWorkflows } from './read-workflows.js';
import { ValidateWorkflow } from './validate-workflow.js';
import { ValidationView } from './validation.view.js';
import { VersionPipe } from './version-pipe.js';
import {
  PublishVersionDto,
  PublishWorkflowDto,
  ValidateQueryDto,
  ValidateWorkflowDto,
  WorkflowsQueryDto,
} from './workflow.dto.js';
import { VersionView, WorkflowDetailView, WorkflowView } from './workflow.view.js';

@ApiTags('workflows')
@ApiBearerAuth()
@Controller('workflows')
export class WorkflowsController {
  constructor(
    private readonly read: ReadWorkflows,
    private readonly publishWorkflow: PublishWorkflow,
    private readonly publishVersion: PublishVersion,
    private readonly validateWorkflow: ValidateWorkflow,
  ) {}

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Publish version 1 of a new workflow' })
  @ApiCreatedResponse({ type: WorkflowDetailView })
  async publish(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: PublishWorkflowDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WorkflowDetailView> {
    const workflow = await this.publishWorkflow.run(actor, body);
    void reply.header('location', `/api/v1/workflows/${workflow.id}`);
    return workflow;
  }

  @Post('validate')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'What publishing would find; nothing is written' })
  @ApiOkResponse({ type: ValidationView })
  validate(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: ValidateWorkflowDto,
    @Query() { include }: ValidateQueryDto,
  ): Promise<ValidationView> {
    return this.validateWorkflow.run(actor.tenant_id, body, include);
  }

  @Get()
  @ApiOperation({ summary: 'Workflows' })
  @ApiPage(WorkflowView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: WorkflowsQueryDto): Promise<Page<WorkflowView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One workflow, with its newest version' })
  @ApiOkResponse({ type: WorkflowDetailView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<WorkflowDetailView> {
    return this.read.get(actor.tenant_id, id);
  }

  @Get(':id/versions')
  @ApiOperation({ summary: 'Versions, newest first' })
  @ApiPage(VersionView)
  versions(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<VersionView>> {
    return this.read.versions(actor.tenant_id, id, query);
  }

  @Post(':id/versions')
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Publish the next version' })
  @ApiCreatedResponse({ type: VersionView })
  async publishNext(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: PublishVersionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionView> {
    const version = await this.publishVersion.run(actor, id, body);
    void reply.header('location', `/api/v1/workflows/${id}/versions/${version.version}`);
    return version;
  }

  @Get(':id/versions/:version')
  @ApiOperation({ summary: 'One version' })
  @ApiOkResponse({ type: VersionView })
  version(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('version', VersionPipe) version: number,
  ): Promise<VersionView> {
    return this.read.version(actor.tenant_id, id, version);
  }
}
