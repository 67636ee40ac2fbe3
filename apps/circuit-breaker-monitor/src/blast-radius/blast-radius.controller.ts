import { type AuthenticatedActor, BlastRadiusView, CurrentActor } from '@aumos/agf-platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BreakerBlastRadius } from './breaker-blast-radius.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers/:key/blast-radius')
export class BlastRadiusController {
  constructor(private readonly find: BreakerBlastRadius) {}

  @Get()
  @ApiOperation({ summary: 'What would stop if it opened now, and what would be contained' })
  @ApiOkResponse({ type: BlastRadiusView })
  ofBreaker(@CurrentActor() actor: AuthenticatedActor, @Param('key') key: string): Promise<BlastRadiusView> {
    return this.find.run(actor.tenant_id, key);
  }
}
