import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DrillsQueryDto, StartDrillDto } from './drill.dto.js';
import { DrillView } from './drill.view.js';
import { ReadDrills } from './read-drills.js';
import { StartDrill } from './start-drill.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers/drills')
export class DrillsController {
  constructor(
    private readonly starting: StartDrill,
    private readonly read: ReadDrills,
  ) {}

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({
    summary: 'Make a tool fail for a while, in a sandbox tenant, and measure the containment',
    description: '403 NOT_A_SANDBOX in any other tenant; 409 while a drill of the tool is under way.',
  })
  @ApiCreatedResponse({ type: DrillView })
  start(@CurrentActor() actor: AuthenticatedActor, @Body() body: StartDrillDto): Promise<DrillView> {
    return this.starting.run(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Drills, newest first' })
  @ApiPage(DrillView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: DrillsQueryDto): Promise<Page<DrillView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Get(':drill_id')
  @ApiOperation({ summary: 'One drill, with what it showed once it is completed' })
  @ApiOkResponse({ type: DrillView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('drill_id', UuidPipe) id: string): Promise<DrillView> {
    return this.read.get(actor.tenant_id, id);
  }
}
