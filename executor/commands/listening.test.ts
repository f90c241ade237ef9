import { expect, it } from 'vitest';
import { listenError, readListen, readPort } from './listening.ts';

it('reads where to listen', () => {
  expect(readListen('[::1]:0', '--listen')).toEqual({ host: '::1', port: 0 });
  expect(() => readListen('localhost', '--listen')).toThrow('--listen wants host:port, not "localhost"');
  expect(() => readListen('localhost:70000', '--listen')).toThrow('--listen wants host:port');
});

it('takes a port that there is', () => {
  expect([readPort(0, '--port'), readPort(65_535, '--port')]).toEqual([0, 65_535]);
  for (const wrong of [-1, 65_536, 1.5, Number.NaN]) {
    expect(() => readPort(wrong, '--port')).toThrow(`--port wants a port from 0 to 65535, not ${wrong}`);
  }
});

it('says what to do where the place is taken', () => {
  const taken = Object.assign(new Error('listen'), { code: 'EADDRINUSE' });
  expect(String(listenError(taken, { host: '127.0.0.1', port: 80 }, '--port'))).toContain('choose another with --port');
});
