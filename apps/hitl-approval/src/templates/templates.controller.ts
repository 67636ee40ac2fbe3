import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ManageTemplates } from './manage-templates.js';
import { TEMPLATE_KINDS, TemplateDto, TemplatesView, TemplateView } from './template.dto.js';

@ApiTags('approval-channels')
@ApiBearerAuth()
@Controller('hitl/templates')
export class TemplatesController {
  constructor(private readonly templates: ManageTemplates) {}

  @Get()
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'The words of e-mail and of Slack', description: 'Webhooks get the facts, without words.' })
  @ApiOkResponse({ type: TemplatesView })
  list(@CurrentActor() actor: AuthenticatedActor): Promise<TemplatesView> {
    return this.templates.list(actor.tenant_id);
  }

  @Put(':kind')
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Say it in your own words' })
  @ApiParam({ name: 'kind', enum: TEMPLATE_KINDS })
  @ApiOkResponse({ type: TemplateView })
  replace(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('kind') kind: string,
    @Body() body: TemplateDto,
  ): Promise<TemplateView> {
    return this.templates.replace(actor, kind, body);
  }

  @Delete(':kind')
  @HttpCode(204)
  @RequireRoles('admin')
  @ApiOperation({ summary: "Go back to the platform's words" })
  @ApiParam({ name: 'kind', enum: TEMPLATE_KINDS })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('kind') kind: string): Promise<void> {
    return this.templates.remove(actor, kind);
  }
}
