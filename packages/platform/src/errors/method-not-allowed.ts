import { ApiError } from '@aumos/agf-domain';
import { type FastifyInstance } from 'fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/**
 * Remembers the methods of every path. Call it before the routes are made; what it returns, called after, answers all
 * other methods of these paths with 405 and an exact Allow.
 */
export function watchMethods(fastify: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  let watching = true;
  fastify.addHook('onRoute', (route) => {
    if (!watching) return;
    const methods = known.get(route.url) ?? new Set<string>();
    for (const method of [route.method].flat()) methods.add(method);
    known.set(route.url, methods);
  });
  return () => {
    watching = false;
    for (const [url, methods] of known) if (!url.includes('*')) refuseOthers(fastify, url, methods);
  };
}

function refuseOthers(fastify: FastifyInstance, url: string, methods: ReadonlySet<string>): void {
  const others = METHODS.filter((method) => !methods.has(method) && fastify.supportedMethods.includes(method));
  if (others.length === 0) return;
  const allow = [...methods].sort();
  fastify.route({
    method: others,
    url,
    // As early as it can be: the body is not worth reading.
    onRequest: (_request, _reply, done) => {
      done(new ApiError('METHOD_NOT_ALLOWED', 'This method is not allowed here.', { allow }));
    },
    handler: () => undefined,
  });
}
