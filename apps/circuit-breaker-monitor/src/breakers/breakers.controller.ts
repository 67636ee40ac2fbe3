import { ApiPage, type AuthenticatedActor, CurrentActor, type Page } from '@aumos/agf-platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BreakersQueryDto } from './breaker.dto.js';
import { BreakerDetailView, BreakerView } from './breaker.view.js';
import { GetBreaker } from './get-breaker.js';
import { ListBreakers } from './list-breakers.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers')
export class BreakersController {
  constructor(
    private readonly list: ListBreakers,
    private readonly get: GetBreaker,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every breaker that was asked, by key' })
  @ApiPage(BreakerView)
  all(@CurrentActor() actor: AuthenticatedActor, @Query() query: BreakersQueryDto): Promise<Page<BreakerView>> {
    return this.list.run(actor.tenant_id, query);
  }

  @Get(':key')
  @ApiOperation({ summary: 'One breaker and its history' })
  @ApiOkResponse({ type: BreakerDetailView })
  one(@CurrentActor() actor: AuthenticatedActor, @Param('key') key: string): Promise<BreakerDetailView> {
    return this.get.run(actor.tenant_id, key);
  }
}
