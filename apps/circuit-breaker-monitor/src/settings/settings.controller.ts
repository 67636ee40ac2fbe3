import { type AuthenticatedActor, BreakerSettingsDto, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ManageSettings } from './manage-settings.js';
import { BreakerSettingsView } from './settings.view.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers/settings')
export class SettingsController {
  constructor(private readonly settings: ManageSettings) {}

  @Get()
  @ApiOperation({ summary: "How the tenant's breakers behave where no definition or agent says" })
  @ApiOkResponse({ type: BreakerSettingsView })
  get(@CurrentActor() actor: AuthenticatedActor): Promise<BreakerSettingsView> {
    return this.settings.get(actor.tenant_id);
  }

  @Put()
  @RequireRoles('admin')
  @ApiOperation({ summary: "Replace them all: what is left out is the platform's" })
  @ApiOkResponse({ type: BreakerSettingsView })
  replace(@CurrentActor() actor: AuthenticatedActor, @Body() body: BreakerSettingsDto): Promise<BreakerSettingsView> {
    return this.settings.replace(actor, body);
  }
}
