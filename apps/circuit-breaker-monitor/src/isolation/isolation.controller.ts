import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsolateBreaker } from './isolate-breaker.js';
import { IsolateDto, ReleaseDto } from './isolation.dto.js';
import { IsolationChangeView } from './isolation.view.js';
import { ReleaseBreaker } from './release-breaker.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@RequireRoles('admin', 'developer')
@Controller('circuit-breakers/:key')
export class IsolationController {
  constructor(
    private readonly isolating: IsolateBreaker,
    private readonly releasing: ReleaseBreaker,
  ) {}

  @Post('isolate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Force it open',
    description: 'Nothing passes until it is released, or until expires_at. Again: a new reason, a new end.',
  })
  @ApiOkResponse({ type: IsolationChangeView })
  isolate(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('key') key: string,
    @Body() body: IsolateDto,
  ): Promise<IsolationChangeView> {
    return this.isolating.run(actor, key, body);
  }

  @Post('release')
  @HttpCode(200)
  @ApiOperation({ summary: 'End its isolation', description: 'It is closed. 422 when it is not isolated.' })
  @ApiOkResponse({ type: IsolationChangeView })
  release(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('key') key: string,
    @Body() body: ReleaseDto,
  ): Promise<IsolationChangeView> {
    return this.releasing.run(actor, key, body);
  }
}
