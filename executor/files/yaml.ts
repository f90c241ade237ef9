// Reads YAML and JSON files as kubectl does, document by document, and knows where in the file each field stands.
import type { Document } from 'yaml';
import { yamlCodec } from '../script/yaml-codec.ts';
import { YAML_DEPTH_MAX, YamlError } from '../script/yaml-parse.ts';
import { formatPath } from './document-path.ts';
import { type FileProblem, type Place, withUntold } from './file-problem.ts';
import { Layout } from './yaml-layout.ts';
import { DocumentReader } from './yaml-reader.ts';

export interface SourceDocument {
  readonly file: string;
  /** Which of the file's documents, counted from 0; empty ones count. */
  readonly index: number;
  readonly value: unknown;
  /** Where a field stands, by its path as problems print it; where it is absent, what would hold it. */
  place(path: string): Place;
}

export interface DocumentsReading {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly FileProblem[];
}

/** Everything in a text; empty documents are left out, and so are those that have problems. */
export function readDocuments(text: string, file: string): DocumentsReading {
  const layout = new Layout(text, file);
  const documentOf = (index: number, value: unknown): SourceDocument => ({
    file,
    index,
    value,
    place: (path) => layout.place(index, path),
  });
  const json = readPlainJson(text);
  if (json !== undefined) return { documents: [documentOf(0, json)], problems: [] };
  const documents: SourceDocument[] = [];
  const problems: FileProblem[] = [];
  let parsed: readonly Document.Parsed[];
  try {
    parsed = layout.parsed();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return {
      documents,
      problems: [{ file, line: 1, column: 1, path: '', message: `cannot be read: ${error.message}` }],
    };
  }
  for (const [index, document] of parsed.entries()) {
    const reader = new DocumentReader(document);
    const value = reader.read();
    const found = reader.problems.map(({ steps, offset, message }) => ({
      ...layout.placeAt(offset),
      path: formatPath(steps),
      message,
    }));
    problems.push(...withUntold(found, reader.untold));
    if (found.length === 0 && value !== null) documents.push(documentOf(index, value));
  }
  return { documents, problems };
}

/** In the form of the Kubernetes tools: sorted keys, and quotes around whatever they would misread. */
export const printYaml = (value: unknown): string => yamlCodec.fromJson(JSON.stringify(value));

export const printYamlDocuments = (values: readonly unknown[]): string => values.map(printYaml).join('---\n');

/** A field at a place of a document, as a problem. */
export const problemAt = (document: SourceDocument, path: string, message: string): FileProblem => ({
  ...document.place(path),
  path,
  message,
});

/**
 * The value of a text that is JSON and nothing more, or undefined. It reads a hundred times faster than YAML, which
 * remains for what it cannot tell: repeated keys, numbers too long for JavaScript, and where a mistake is.
 */
function readPlainJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text) || /\d{16}/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return keysWritten(text) === keysHeld(value) ? value : undefined;
}

function keysWritten(text: string): number {
  let keys = 0;
  for (const match of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (match[1] !== undefined) keys += 1;
  return keys;
}

/** No number for what is nested too deep. */
function keysHeld(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > YAML_DEPTH_MAX) return Number.NaN;
  const inside = Object.values(value).reduce<number>((sum, item) => sum + keysHeld(item, depth + 1), 0);
  return Array.isArray(value) ? inside : inside + Object.keys(value).length;
}
