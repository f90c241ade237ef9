/** What a record says under a name that somebody else chose: what every object inherits is not of it. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined | null, name: string): T | undefined =>
  record !== undefined && record !== null && Object.hasOwn(record, name) ? record[name] : undefined;
