import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../openapi/api-problems.js';
import { ReadSessions } from './read-sessions.js';
import { RemoveSessions } from './remove-sessions.js';
import { SessionIdPipe } from './session-id-pipe.js';
import { SessionQueryDto, SessionsQueryDto } from './session.dto.js';
import { SessionDetailView, SessionView } from './session.view.js';

const AWAY = { 503: 'SERVICE_UNAVAILABLE: what agents remember cannot be reached now.' } as const;

@ApiTags('agents')
@ApiBearerAuth()
@Controller('agents/:id/sessions')
export class SessionsController {
  constructor(
    private readonly read: ReadSessions,
    private readonly remove: RemoveSessions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What an agent remembers: its sessions, by their last use' })
  @ApiPage(SessionView)
  @ApiProblems(AWAY)
  list(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: SessionsQueryDto,
  ): Promise<Page<SessionView>> {
    return this.read.list(actor.tenant_id, id, query);
  }

  @Get(':session_id')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: SessionDetailView })
  @ApiProblems(AWAY)
  get(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('session_id', SessionIdPipe) sessionId: string,
    @Query() { values }: SessionQueryDto,
  ): Promise<SessionDetailView> {
    return this.read.get(actor, id, sessionId, values === 'true');
  }

  @Delete()
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Make it forget all of them, shared ones that it wrote to included' })
  @ApiNoContentResponse()
  @ApiProblems(AWAY)
  async removeAll(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.remove.all(actor, id);
  }

  @Delete(':session_id')
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Make it forget one' })
  @ApiNoContentResponse()
  @ApiProblems(AWAY)
  async removeOne(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('session_id', SessionIdPipe) sessionId: string,
  ): Promise<void> {
    await this.remove.one(actor, id, sessionId);
  }
}
