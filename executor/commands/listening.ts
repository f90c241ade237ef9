// Where a server of ours listens: host:port as people write it, and what to do where it cannot.
import { CommandError } from '../terminal/command.ts';

const PORT_MAX = 65_535;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export function readListen(text: string, option: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > PORT_MAX) throw new CommandError(`${option} wants host:port, not "${text}"`);
  return { host: match[1] ?? match[2]!, port };
}

export function readPort(value: unknown, option: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new CommandError(`${option} wants a port from 0 to ${PORT_MAX}, not ${value}`);
}

export function listenError(error: unknown, { host, port }: ListenAddress, option: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new CommandError(`${host}:${port} is in use by another program; choose another with ${option}`);
    case 'EACCES':
      return new CommandError(`${host}:${port} may not be used by this user; choose a port above 1023 with ${option}`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandError(`${host} is no address of this machine`);
    default:
      return error;
  }
}
