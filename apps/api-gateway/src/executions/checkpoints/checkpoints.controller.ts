import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, UuidPipe } from '@aumos/agf-platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CheckpointsQueryDto, DiffQueryDto } from './checkpoint.dto.js';
import { CheckpointDetailView, CheckpointDiffView, CheckpointView } from './checkpoint.view.js';
import { ReadCheckpoints } from './read-checkpoints.js';
import { StepPipe } from './step-pipe.js';

const STEP = { name: 'step', schema: { type: 'integer', minimum: 1 } } as const;

@ApiTags('executions')
@ApiBearerAuth()
@Controller('executions/:id/checkpoints')
export class CheckpointsController {
  constructor(private readonly read: ReadCheckpoints) {}

  @Get()
  @ApiOperation({ summary: 'What each of its steps began with, in their order; none of an older execution' })
  @ApiPage(CheckpointView)
  list(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: CheckpointsQueryDto,
  ): Promise<Page<CheckpointView>> {
    return this.read.list(actor.tenant_id, id, query);
  }

  @Get(':step')
  @ApiOperation({ summary: 'The state with which a step began' })
  @ApiParam(STEP)
  @ApiOkResponse({ type: CheckpointDetailView })
  get(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('step', StepPipe) step: number,
  ): Promise<CheckpointDetailView> {
    return this.read.get(actor.tenant_id, id, step);
  }

  @Get(':step/diff')
  @ApiOperation({ summary: 'How the state with which a step began differs from that of another one' })
  @ApiParam(STEP)
  @ApiOkResponse({ type: CheckpointDiffView })
  diff(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Param('step', StepPipe) step: number,
    @Query() { against }: DiffQueryDto,
  ): Promise<CheckpointDiffView> {
    return this.read.diff(actor.tenant_id, id, step, against);
  }
}
