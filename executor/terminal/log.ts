// What commands that go on say while they do: lines for people, or one JSON object a line for machines.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  /** What people follow: said at level info. */
  say(text: string): void;
  tell(level: LogLevel, text: string, fields?: LogFields): void;
  /** Whether it is worth making up a line of this level. */
  takes(level: LogLevel): boolean;
}

export interface LogOptions {
  /** Who speaks. */
  readonly name: string;
  readonly format: LogFormat;
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

const rank = (level: LogLevel): number => LOG_LEVELS.indexOf(level);

/** A line is a line, whatever was said in it. */
const inOneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');

const word = (value: string | number | boolean): string => {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
};

export function openLog({ name, format, level, write, now }: LogOptions): Log {
  const takes = (one: LogLevel): boolean => rank(one) >= rank(level);
  const tell = (one: LogLevel, text: string, fields: LogFields = {}): void => {
    if (!takes(one)) return;
    if (format === 'json') {
      write(`${JSON.stringify({ time: now().toISOString(), level: one, from: name, message: text, ...fields })}\n`);
      return;
    }
    const mark = one === 'info' ? '' : `${one}: `;
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${word(value)}`);
    write(`${name}: ${mark}${inOneLine(text)}${rest.join('')}\n`);
  };
  return { say: (text) => tell('info', text), tell, takes };
}
