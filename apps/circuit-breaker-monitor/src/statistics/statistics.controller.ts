import { type AuthenticatedActor, CurrentActor } from '@aumos/agf-platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadStatistics } from './read-statistics.js';
import { StatisticsQueryDto } from './statistics.dto.js';
import { StatisticsView, TenantStatisticsView } from './statistics.view.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers')
export class StatisticsController {
  constructor(private readonly read: ReadStatistics) {}

  @Get('statistics')
  @ApiOperation({ summary: "How the tenant's workflows, agents and breakers do" })
  @ApiOkResponse({ type: TenantStatisticsView })
  ofTenant(
    @CurrentActor() actor: AuthenticatedActor,
    @Query() { hours }: StatisticsQueryDto,
  ): Promise<TenantStatisticsView> {
    return this.read.ofTenant(actor.tenant_id, hours);
  }

  @Get(':key/statistics')
  @ApiOperation({ summary: 'How a workflow or an agent does, and its breaker; of a tool its breaker alone' })
  @ApiOkResponse({ type: StatisticsView })
  ofBreaker(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('key') key: string,
    @Query() { hours }: StatisticsQueryDto,
  ): Promise<StatisticsView> {
    return this.read.ofBreaker(actor.tenant_id, key, hours);
  }
}
