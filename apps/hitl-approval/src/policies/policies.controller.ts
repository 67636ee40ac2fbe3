import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListPolicies } from './list-policies.js';
import { PolicyDto, PolicyView } from './policy.dto.js';
import { RemovePolicy } from './remove-policy.js';
import { ReplacePolicy } from './replace-policy.js';

@ApiTags('gate policies')
@ApiBearerAuth()
@Controller('hitl/policies')
export class PoliciesController {
  constructor(
    private readonly list: ListPolicies,
    private readonly replace: ReplacePolicy,
    private readonly remove: RemovePolicy,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the tenant asks of calls above the gates of its workflows' })
  @ApiOkResponse({ type: [PolicyView] })
  all(@CurrentActor() actor: AuthenticatedActor): Promise<PolicyView[]> {
    return this.list.run(actor.tenant_id);
  }

  @Put(':name')
  @RequireRoles('admin')
  @ApiOperation({
    summary: 'Make a policy, or replace it',
    description: 'It holds every call that is dispatched from now on, also of executions under way.',
  })
  @ApiOkResponse({ type: PolicyView })
  put(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name') name: string,
    @Body() body: PolicyDto,
  ): Promise<PolicyView> {
    return this.replace.run(actor, name, body);
  }

  @Delete(':name')
  @RequireRoles('admin')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a policy',
    description: 'Executions that know it go on under it: what they began with is never less strict.',
  })
  @ApiNoContentResponse()
  async delete(@CurrentActor() actor: AuthenticatedActor, @Param('name') name: string): Promise<void> {
    await this.remove.run(actor, name);
  }
}
