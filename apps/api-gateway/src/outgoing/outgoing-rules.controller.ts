import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ManageOutgoingRules } from './manage-outgoing-rules.js';
import { OutgoingRulesDto, OutgoingRulesView } from './outgoing-rules.dto.js';

@ApiTags('outgoing-rules')
@ApiBearerAuth()
@Controller('outgoing-rules')
export class OutgoingRulesController {
  constructor(private readonly rules: ManageOutgoingRules) {}

  @Get()
  @RequireRoles('admin', 'developer', 'auditor')
  @ApiOperation({ summary: "Where the tenant's tools may go" })
  @ApiOkResponse({ type: OutgoingRulesView })
  get(@CurrentActor() actor: AuthenticatedActor): Promise<OutgoingRulesView> {
    return this.rules.get(actor.tenant_id);
  }

  @Put()
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Replace it: it narrows what the platform allows, and opens nothing' })
  @ApiOkResponse({ type: OutgoingRulesView })
  replace(@CurrentActor() actor: AuthenticatedActor, @Body() { only }: OutgoingRulesDto): Promise<OutgoingRulesView> {
    return this.rules.replace(actor, only);
  }
}
