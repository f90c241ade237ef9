// One listing in whatever form was asked for: a table to look at, or JSON, YAML, CSV and names for programs.
import type { Writable } from 'node:stream';
import type { Argv } from 'yargs';
import { writeText } from '../files/write.ts';
import { type ColourMode, type Palette, palette, wantsColour } from './colour.ts';
import type { Arguments } from './command.ts';
import { type Column, renderTable } from './table.ts';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'csv', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export type CellValue = string | number | boolean | null | undefined;

export interface ListingColumn<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Only with -o wide, and in CSV. */
  readonly wide?: boolean;
  readonly value: (row: Row) => CellValue;
  /** Colours the cell on a terminal. */
  readonly paint?: (text: string, colours: Palette, row: Row) => string;
}

export interface Listing<Row> {
  readonly columns: readonly ListingColumn<Row>[];
  readonly rows: readonly Row[];
  /** "kind/name", a line of -o name. */
  readonly name: (row: Row) => string;
  /** What -o json and -o yaml print: the whole, in the shape of Kubernetes where it is of Kubernetes. */
  readonly document: () => unknown;
  /** Said on standard error where there is nothing to list. */
  readonly empty?: string;
}

/** Declares -o on a command. */
export const withOutputOption = (yargs: Argv, formats: readonly OutputFormat[] = OUTPUT_FORMATS): Argv =>
  yargs.option('output', {
    alias: 'o',
    choices: formats,
    default: formats[0],
    requiresArg: true,
    describe: 'the form of what is printed',
  });

export interface OutputStreams {
  readonly out: Writable & { readonly isTTY?: boolean };
  readonly notes: Writable;
}

/** Prints in the form that the arguments of `withOutputOption` and --color ask for. */
export async function printListing<Row>(
  listing: Listing<Row>,
  args: Arguments,
  streams: OutputStreams = { out: process.stdout, notes: process.stderr },
): Promise<void> {
  const format = args.output as OutputFormat;
  const colours = palette(wantsColour((args.color ?? 'auto') as ColourMode, streams.out));
  const isTable = format === 'table' || format === 'wide';
  if (isTable && listing.rows.length === 0) {
    await writeText(streams.notes, `${listing.empty ?? 'nothing found'}\n`);
    return;
  }
  await writeText(streams.out, await renderListing(listing, format, colours));
}

export async function renderListing<Row>(
  listing: Listing<Row>,
  format: OutputFormat,
  colours: Palette = palette(false),
): Promise<string> {
  switch (format) {
    case 'table':
    case 'wide':
      return table(listing, format === 'wide', colours);
    case 'json':
      return `${JSON.stringify(listing.document(), null, 2)}\n`;
    case 'yaml': {
      const { printYaml } = await import('../files/yaml.ts');
      return printYaml(listing.document());
    }
    case 'csv': {
      const { stringify } = await import('csv-stringify/sync');
      const records = listing.rows.map((row) => listing.columns.map(({ value }) => value(row) ?? ''));
      const cast = { boolean: String };
      return stringify(records, { header: true, columns: listing.columns.map(({ title }) => csvTitle(title)), cast });
    }
    case 'name':
      return listing.rows.map((row) => `${listing.name(row)}\n`).join('');
  }
}

function table<Row>({ columns, rows }: Listing<Row>, wide: boolean, colours: Palette): string {
  const shown = columns.filter((column) => wide || column.wide !== true);
  const layout = shown.map(
    ({ title, align, paint }): Column => ({
      title,
      ...(align === undefined ? {} : { align }),
      ...(paint === undefined ? {} : { paint: (padded, _, row) => paint(padded, colours, rows[row]!) }),
    }),
  );
  return renderTable(
    layout,
    rows.map((row) => shown.map(({ value }) => cellText(value(row)))),
  );
}

const cellText = (value: CellValue): string =>
  value === null || value === undefined || value === '' ? '<none>' : String(value);

/** "READY PODS" as "ready_pods": a name that programs can use. */
const csvTitle = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '_');
