import { notFound } from '@aumos/agf-platform';
import { BuiltinTools } from '@aumos/agf-tools';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BuiltinToolsQueryDto } from './builtin-tool.dto.js';
import { toolView, ToolView } from './tool.view.js';

@ApiTags('tools')
@ApiBearerAuth()
@Controller('tools/builtin')
export class BuiltinToolsController {
  constructor(private readonly tools: BuiltinTools) {}

  @Get()
  @ApiOperation({ summary: 'The tools every tenant has' })
  @ApiOkResponse({ type: [ToolView] })
  builtin(@Query() { category, max_privilege_level = 5 }: BuiltinToolsQueryDto): ToolView[] {
    return this.tools
      .list()
      .filter(
        (spec) =>
          (category === undefined || spec.category === category) && spec.min_privilege_level <= max_privilege_level,
      )
      .map(toolView);
  }

  @Get(':tool_id')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: ToolView })
  one(@Param('tool_id') name: string): ToolView {
    const tool = this.tools.get(name);
    if (!tool) throw notFound();
    return toolView(tool.spec);
  }
}
