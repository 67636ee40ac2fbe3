import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { DecideElevation } from './decide-elevation.js';
import { ElevationsQueryDto, ElevationVoteDto, RequestElevationDto } from './elevation.dto.js';
import { ElevationView } from './elevation.view.js';
import { ReadElevations } from './read-elevations.js';
import { RequestElevation } from './request-elevation.js';
import { RevokeElevation } from './revoke-elevation.js';

@ApiTags('agents')
@ApiBearerAuth()
@Controller('agents/:id/elevations')
export class ElevationsController {
  constructor(
    private readonly read: ReadElevations,
    private readonly requestElevation: RequestElevation,
    private readonly decide: DecideElevation,
    private readonly revoke: RevokeElevation,
  ) {}

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Ask that an agent may act at a higher level for a while: two people approve' })
  @ApiCreatedResponse({ type: ElevationView })
  ask(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: RequestElevationDto,
  ): Promise<ElevationView> {
    return this.requestElevation.run(actor, id, body);
  }

  @Get()
  @ApiOperation({ summary: 'What was asked for and granted, newest first' })
  @ApiPage(ElevationView)
  list(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: ElevationsQueryDto,
  ): Promise<Page<ElevationView>> {
    return this.read.list(actor.tenant_id, id, query);
  }

  @Get(':elevation_id')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: ElevationView })
  get(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('elevation_id', UuidPipe) elevationId: string,
  ): Promise<ElevationView> {
    return this.read.get(actor.tenant_id, id, elevationId);
  }

  @Post(':elevation_id/approve')
  @HttpCode(200)
  @RequireRoles('admin', 'approver')
  @ApiOperation({ summary: 'Approve it: the second approval grants it' })
  @ApiOkResponse({ type: ElevationView })
  approve(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) agent_id: string,
    @Param('elevation_id', UuidPipe) id: string,
    @Body() { notes }: ElevationVoteDto,
  ): Promise<ElevationView> {
    return this.decide.run(actor, { agent_id, id, decision: 'approve', notes });
  }

  @Post(':elevation_id/reject')
  @HttpCode(200)
  @RequireRoles('admin', 'approver')
  @ApiOperation({ summary: 'Reject it: one rejection ends the request' })
  @ApiOkResponse({ type: ElevationView })
  reject(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) agent_id: string,
    @Param('elevation_id', UuidPipe) id: string,
    @Body() { notes }: ElevationVoteDto,
  ): Promise<ElevationView> {
    return this.decide.run(actor, { agent_id, id, decision: 'reject', notes });
  }

  @Delete(':elevation_id')
  @HttpCode(204)
  @RequireRoles('admin', 'developer', 'approver')
  @ApiOperation({ summary: 'End it now, or withdraw the request' })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('elevation_id', UuidPipe) elevationId: string,
  ): Promise<void> {
    return this.revoke.run(actor, id, elevationId);
  }
}
