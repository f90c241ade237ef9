// A word of a command line as a shell takes it: in quotes where it has letters that mean something to a shell.
const PLAIN = /^[\w@%+=:,./-]+$/;

export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
