import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BusinessHoursDto, BusinessHoursView } from './business-hours.dto.js';
import { ManageBusinessHours } from './manage-business-hours.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/business-hours')
export class BusinessHoursController {
  constructor(private readonly hours: ManageBusinessHours) {}

  @Get()
  @ApiOperation({ summary: 'Which hours count where a gate says `tenant`' })
  @ApiOkResponse({ type: BusinessHoursView })
  get(@CurrentActor() actor: AuthenticatedActor): Promise<BusinessHoursView> {
    return this.hours.get(actor.tenant_id);
  }

  @Put()
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Replace them: for what is asked from now on' })
  @ApiOkResponse({ type: BusinessHoursView })
  replace(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() { business_hours }: BusinessHoursDto,
  ): Promise<BusinessHoursView> {
    return this.hours.replace(actor, business_hours);
  }
}
