import { Public } from '@aumos/agf-platform';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { linkPage } from './link-page.js';
import { LinkView } from './link.view.js';
import { ShowLink } from './show-link.js';

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  vary: 'accept',
};

@ApiTags('approvals')
@Controller('hitl/links')
export class LinksController {
  constructor(private readonly show: ShowLink) {}

  @Get(':token')
  @Public()
  @ApiOperation({
    summary: 'Where a link of a notice leads',
    description: 'Needs no token, decides nothing and uses nothing up. JSON, or a page where `Accept` asks for one.',
  })
  @ApiOkResponse({ type: LinkView })
  async get(
    @Param('token') token: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkView | string> {
    void reply.headers(HEADERS);
    const view = await this.show.run(token);
    if (!/\btext\/html\b/i.test(accept ?? '')) return view;
    void reply.type('text/html; charset=utf-8');
    return linkPage(view);
  }
}
