import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { IfPresent } from './if-present.js';

/** `?page=1&page_size=20&sort_order=desc`: what every list takes. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  @IfPresent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  page_size: number = 20;

  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'desc' })
  @IfPresent()
  @IsIn(['asc', 'desc'])
  sort_order: 'asc' | 'desc' = 'desc';
}

/** A page query that also sorts: `class ListTools extends sortedPageQuery(['name', 'created_at'], 'name', 'asc') {}` */
export function sortedPageQuery<const F extends string>(
  fields: readonly [F, ...F[]],
  byDefault: NoInfer<F> = fields[0],
  order: 'asc' | 'desc' = 'desc',
): Class<PageQuery & { sort_by: F }> {
  class SortedPageQuery extends PageQuery {
    @ApiPropertyOptional({ enum: fields, default: byDefault })
    @IfPresent()
    @IsIn(fields)
    sort_by: F = byDefault;

    @ApiPropertyOptional({ enum: ['asc', 'desc'], default: order })
    @IfPresent()
    @IsIn(['asc', 'desc'])
    override sort_order: 'asc' | 'desc' = order;
  }
  return SortedPageQuery;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
  pages: number;
  has_next: boolean;
  has_prev: boolean;
}

/** @param total how many there are on all pages */
export function pageOf<T>(
  items: T[],
  total: number,
  { page, page_size }: Pick<PageQuery, 'page' | 'page_size'>,
): Page<T> {
  const pages = Math.ceil(total / page_size);
  return { items, total, page, page_size, pages, has_next: page < pages, has_prev: page > 1 };
}

/** How many rows come before the page. */
export const offsetOf = ({ page, page_size }: Pick<PageQuery, 'page' | 'page_size'>): number => (page - 1) * page_size;

const count = { type: 'integer', minimum: 0 };

/** Documents a 200 answer that is a page of `item`. */
export const ApiPage = (item: Class<unknown>): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(item),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['items', 'total', 'page', 'page_size', 'pages', 'has_next', 'has_prev'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          total: count,
          page: count,
          page_size: count,
          pages: count,
          has_next: { type: 'boolean' },
          has_prev: { type: 'boolean' },
        },
      },
    }),
  );
