import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, PageQuery } from '@aumos/agf-platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BreakersQueryDto } from './breaker.dto.js';
import { BreakerDetailView, BreakerView, TransitionView } from './breaker.view.js';
import { GetBreaker } from './get-breaker.js';
import { ListBreakers } from './list-breakers.js';
import { ReadHistory } from './read-history.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers')
export class BreakersController {
  constructor(
    private readonly list: ListBreakers,
    private readonly get: GetBreaker,
    private readonly read: ReadHistory,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every breaker that was asked or is isolated, by key' })
  @ApiPage(BreakerView)
  all(@CurrentActor() actor: AuthenticatedActor, @Query() query: BreakersQueryDto): Promise<Page<BreakerView>> {
    return this.list.run(actor.tenant_id, query);
  }

  @Get(':key')
  @ApiOperation({ summary: 'One breaker, its history and its chains' })
  @ApiOkResponse({ type: BreakerDetailView })
  one(@CurrentActor() actor: AuthenticatedActor, @Param('key') key: string): Promise<BreakerDetailView> {
    return this.get.run(actor.tenant_id, key);
  }

  @Get(':key/history')
  @ApiOperation({ summary: 'Its changes' })
  @ApiPage(TransitionView)
  history(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('key') key: string,
    @Query() query: PageQuery,
  ): Promise<Page<TransitionView>> {
    return this.read.run(actor.tenant_id, key, query);
  }
}
