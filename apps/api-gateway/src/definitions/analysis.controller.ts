import { type AuthenticatedActor, BlastRadiusView, CurrentActor, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../openapi/api-problems.js';
import { BlastRadiusQueryDto } from './blast-radius/blast-radius.dto.js';
import { FindBlastRadius } from './blast-radius/find-blast-radius.js';
import { CompareVersions } from './compare/compare-versions.js';
import { CompareDto } from './compare/compare.dto.js';
import { ComparisonView } from './compare/comparison.view.js';
import { SimulateWorkflow } from './simulate/simulate-workflow.js';
import { SimulateDto } from './simulate/simulate.dto.js';
import { SimulationView } from './simulate/simulation.view.js';

/** What published workflows would do. Nothing is written. */
@ApiTags('workflows')
@ApiBearerAuth()
@Controller('workflows/:id')
export class AnalysisController {
  constructor(
    private readonly simulateWorkflow: SimulateWorkflow,
    private readonly findBlastRadius: FindBlastRadius,
    private readonly compareVersions: CompareVersions,
  ) {}

  @Post('simulate')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'A dry run with given answers of tools and people, in virtual time' })
  @ApiBody({ type: SimulateDto, required: false })
  @ApiOkResponse({ type: SimulationView })
  @ApiProblems({
    422:
      'UNANSWERED: no answer is given for a call or an approval. IMPOSSIBLE_ANSWER: the answer cannot be. Both name ' +
      '`node` and `visit` in `details`. SIMULATION_LIMIT: too long, too large or too much memory (`details.limit`).',
    503: 'SERVICE_UNAVAILABLE: too many simulations are under way.',
  })
  simulate(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: SimulateDto,
  ): Promise<SimulationView> {
    return this.simulateWorkflow.run(actor, id, body);
  }

  @Post('compare')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({
    summary: 'What executions that ended would have been on another version, with what was recorded of them',
  })
  @ApiBody({ type: CompareDto, required: false })
  @ApiOkResponse({ type: ComparisonView })
  @ApiProblems({
    422: 'INVALID_DEFINITION: `details.findings`.',
    429: 'RATE_LIMIT_EXCEEDED: the tenant has a comparison under way; Retry-After says when to try again.',
    503: 'SERVICE_UNAVAILABLE: too many comparisons are under way.',
  })
  compare(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: CompareDto,
    @Req() request: FastifyRequest,
  ): Promise<ComparisonView> {
    return this.compareVersions.run(actor, id, body, { gone: () => request.raw.socket.destroyed });
  }

  @Get('blast-radius')
  @ApiOperation({ summary: 'What an open breaker would stop among the newest versions, and what would contain it' })
  @ApiOkResponse({ type: BlastRadiusView })
  blastRadius(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() { key }: BlastRadiusQueryDto,
  ): Promise<BlastRadiusView> {
    return this.findBlastRadius.run(actor.tenant_id, id, key);
  }
}
