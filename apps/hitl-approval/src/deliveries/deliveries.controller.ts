import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeliveriesQueryDto } from './delivery.dto.js';
import { DeliveryView } from './delivery.view.js';
import { ListDeliveries } from './list-deliveries.js';
import { ReplayDelivery } from './replay-delivery.js';

@ApiTags('approval-channels')
@ApiBearerAuth()
@Controller('hitl/deliveries')
export class DeliveriesController {
  constructor(
    private readonly list: ListDeliveries,
    private readonly replay: ReplayDelivery,
  ) {}

  @Get()
  @RequireRoles('admin', 'auditor')
  @ApiOperation({
    summary: 'What was sent by channels, and what became of it',
    description: '`status=dead` lists what is not sent again.',
  })
  @ApiPage(DeliveryView)
  all(@CurrentActor() actor: AuthenticatedActor, @Query() query: DeliveriesQueryDto): Promise<Page<DeliveryView>> {
    return this.list.run(actor.tenant_id, query);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Send it again' })
  @ApiAcceptedResponse({ type: DeliveryView })
  again(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<DeliveryView> {
    return this.replay.run(actor, id);
  }
}
