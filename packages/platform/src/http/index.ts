export * from './breaker-settings.dto.js';
export { AnyJsonBody } from './any-json-body.js';
export { bodyStream } from './body-stream.js';
export { type StreamRoute } from './body-parsers.js';
export { MAX_JSON_DEPTH, parseCheckedJson } from './checked-json.js';
export { IsDateTime, isDateTime } from './date-time.js';
export { IfPresent } from './if-present.js';
export { ApiPage, offsetOf, type Page, pageOf, PageQuery, sortedPageQuery } from './page.js';
export { UuidPipe } from './uuid-pipe.js';
