import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CreateStanding } from './create-standing.js';
import { ListStanding } from './list-standing.js';
import { RevokeStanding } from './revoke-standing.js';
import { NewStandingDto, StandingQueryDto, StandingView } from './standing.dto.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/standing-approvals')
export class StandingController {
  constructor(
    private readonly creating: CreateStanding,
    private readonly listing: ListStanding,
    private readonly revoking: RevokeStanding,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was approved ahead of time' })
  @ApiPage(StandingView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: StandingQueryDto): Promise<Page<StandingView>> {
    return this.listing.run(actor.tenant_id, query);
  }

  @Get(':standing_id')
  @ApiOperation({ summary: 'One of them; `GET /hitl?standing_id=` lists what it decided' })
  @ApiOkResponse({ type: StandingView })
  one(@CurrentActor() actor: AuthenticatedActor, @Param('standing_id', UuidPipe) id: string): Promise<StandingView> {
    return this.listing.one(actor.tenant_id, id);
  }

  @Post()
  @ApiOperation({
    summary: 'Approve calls ahead of time',
    description: 'Of level 3 at most, never in executions of your own, and where neither gate nor policy forbids it.',
  })
  @ApiCreatedResponse({ type: StandingView })
  create(@CurrentActor() actor: AuthenticatedActor, @Body() body: NewStandingDto): Promise<StandingView> {
    return this.creating.run(actor, body);
  }

  @Post(':standing_id/revoke')
  @RequireRoles('admin', 'approver')
  @HttpCode(200)
  @ApiOperation({ summary: 'End it', description: '422 when it is over already.' })
  @ApiOkResponse({ type: StandingView })
  revoke(@CurrentActor() actor: AuthenticatedActor, @Param('standing_id', UuidPipe) id: string): Promise<StandingView> {
    return this.revoking.run(actor, id);
  }
}
