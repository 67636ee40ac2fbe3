import { ApiError } from '@aumos/agf-domain';
import { Body, Controller, Delete, Get, HttpCode, Logger, Module, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsString, Length, ValidateNested } from 'class-validator';
import { type FastifyRequest } from 'fastify';
import {
  ApiPage,
  type AuthenticatedActor,
  bodyStream,
  CurrentActor,
  IfPresent,
  notFound,
  pageOf,
  Public,
  RequireLevel,
  RequireRoles,
  sortedPageQuery,
  UuidPipe,
} from '../../src/index.js';

export class StepDto {
  @ApiProperty()
  @IsString()
  @Length(1, 10)
  name: string;
}

export class CreateThingDto {
  @ApiProperty()
  @IsString()
  @Length(1, 40)
  name: string;

  @ApiPropertyOptional({ type: 'integer' })
  @IfPresent()
  @IsInt()
  size?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IfPresent()
  @IsObject()
  labels?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [StepDto] })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(5)
  @ValidateNested({ each: true })
  @Type(() => StepDto)
  steps?: StepDto[];
}

export class ThingView {
  @ApiProperty({ format: 'uuid' })
  id: string;
}

class ListThings extends sortedPageQuery(['created_at', 'name']) {}

/** What an error may carry and no answer may show. */
export const INTERNAL_TEXT = 'relation agf_workflow_executions does not exist';

@Controller('things')
export class ThingsController {
  private readonly log = new Logger('things');

  @Get()
  @ApiPage(ThingView)
  list(@Query() query: ListThings) {
    return pageOf([{ ...query }], 41, query);
  }

  @Post()
  @ApiCreatedResponse({ type: ThingView })
  create(@Body() body: CreateThingDto) {
    this.log.log({ name: body.name }, 'thing created');
    return body;
  }

  @Get('whoami')
  whoami(@CurrentActor() actor: AuthenticatedActor) {
    return actor;
  }

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Get('admins')
  @RequireRoles('admin', 'approver')
  admins() {
    return {};
  }

  @Get('risky')
  @RequireLevel(3)
  risky() {
    return {};
  }

  @Get('both')
  @RequireRoles('developer')
  @RequireLevel(4)
  both() {
    return {};
  }

  @Get('failing')
  failing() {
    throw new Error(INTERNAL_TEXT);
  }

  @Get('busy')
  busy() {
    throw new ApiError('QUOTA_EXCEEDED', 'Too many at once.', { retry_after_seconds: 2.2 });
  }

  @Post('upload')
  async upload(@Req() request: FastifyRequest) {
    let bytes = 0;
    for await (const chunk of bodyStream(request, 100_000)) bytes += (chunk as Buffer).length;
    return { bytes, type: request.headers['content-type'] };
  }

  @Get(':id')
  @ApiOkResponse({ type: ThingView })
  one(@Param('id', UuidPipe) id: string) {
    if (id.startsWith('ffffffff')) throw notFound();
    return { id };
  }

  @Put(':id')
  replace(@Param('id', UuidPipe) id: string, @Body() body: CreateThingDto) {
    return { id, ...body };
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', UuidPipe) _id: string) {}
}

@Module({ controllers: [ThingsController] })
export class ThingsModule {}
