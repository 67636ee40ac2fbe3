import { IfPresent, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** No path, no control characters: it is shown, and offered as a file name. */
const NAME = /^[^\p{Cc}\\/]+$/u;

export class UploadQueryDto {
  @ApiProperty({ minLength: 1, maxLength: 255 })
  @IsString()
  @Length(1, 255)
  @Matches(NAME, { message: 'name must not hold slashes or control characters' })
  name: string;
}

export class ArtifactsQueryDto extends sortedPageQuery(['created_at', 'name', 'size']) {
  @ApiPropertyOptional({ description: 'exact' })
  @IfPresent()
  @IsString()
  @Length(1, 255)
  name?: string;
}
