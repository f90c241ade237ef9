// Writes an answer to the client: whole where it is short; slice by slice, in step with the client, where it is long.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { SlicedText } from './object-text.ts';
import type { BodyResponse } from './request.ts';

const TOO_LARGE = 413;
const GZIP_BYTES_MIN = 128 * 1024;
/** Quick rather than small: the client is mostly near. */
const GZIP = { level: 1 };

const compressed = promisify<Uint8Array, { level: number }, Buffer>(gzip);

type Headers = Record<string, string | number | readonly string[]>;

/** Resolves when the last byte is handed over; never rejects because the client went away. */
export async function send(request: IncomingMessage, response: ServerResponse, answered: BodyResponse): Promise<void> {
  const headers: Headers = {
    'Content-Type': answered.contentType,
    'Cache-Control': 'no-cache, private',
    ...answered.headers,
  };
  // A body that is too large is not read to its end.
  if (!request.complete && answered.status === TOO_LARGE) headers.Connection = 'close';
  const takesGzip = String(request.headers['accept-encoding'] ?? '').includes('gzip');
  if (answered.body instanceof SlicedText && request.method !== 'HEAD') {
    await sendSlices(response, answered.status, headers, answered.body, takesGzip);
    return;
  }
  const { body: given } = answered;
  let body: Uint8Array = given instanceof Uint8Array ? given : Buffer.from(given.toString());
  if (takesGzip && body.length > GZIP_BYTES_MIN) {
    body = await compressed(body, GZIP);
    headers['Content-Encoding'] = 'gzip';
  }
  if (answered.status !== 304) headers['Content-Length'] = body.length;
  response.writeHead(answered.status, headers as Record<string, string>);
  response.end(answered.status === 304 ? undefined : body);
}

async function sendSlices(
  response: ServerResponse,
  status: number,
  headers: Headers,
  text: SlicedText,
  takesGzip: boolean,
): Promise<void> {
  if (takesGzip) headers['Content-Encoding'] = 'gzip';
  response.writeHead(status, headers as Record<string, string>);
  const squeeze = takesGzip ? createGzip(GZIP) : null;
  squeeze?.pipe(response);
  const sink: Writable = squeeze ?? response;
  for (const slice of text.slices()) {
    if (response.destroyed) break;
    if (!sink.write(slice)) await drained(sink, response);
    await otherWork();
  }
  if (response.destroyed) squeeze?.destroy();
  else sink.end();
}

/** When there is room again, or nobody is left to read. */
function drained(sink: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sink.off('drain', done);
      response.off('close', done);
      resolve();
    };
    sink.on('drain', done);
    response.on('close', done);
  });
}
