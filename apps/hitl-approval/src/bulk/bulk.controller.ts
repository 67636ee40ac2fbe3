import type { DecisionSource } from '@aumos/agf-persistence';
import { type AuthenticatedActor, CurrentActor } from '@aumos/agf-platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestSource } from '../approvals/decision-source.js';
import { BulkDto } from './bulk.dto.js';
import { BulkView } from './bulk.view.js';
import { DecideInBulk } from './decide-in-bulk.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/bulk')
export class BulkController {
  constructor(private readonly decide: DecideInBulk) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Decide on many',
    description:
      'Each on its own: what is refused of one touches no other. The same request again answers the same: what the caller has decided so is not decided anew.',
  })
  @ApiOkResponse({ type: BulkView })
  run(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() { decisions }: BulkDto,
    @RequestSource() source: DecisionSource,
  ): Promise<BulkView> {
    return this.decide.run(actor, decisions, source);
  }
}
