// Kubernetes objects from files, directories and standard input, each with where it came from; all mistakes told at once.
import { type Dirent, promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  byText,
  fields,
  filledText,
  isObject,
  type KubeObject,
  listOf,
  mapOf,
  objectKey,
  parseApiVersion,
  problemsOf,
  text,
  withoutNulls,
} from '../../engine/index.ts';
import { CommandError } from '../terminal/command.ts';
import { type FileProblem, FileProblems, type Place } from './file-problem.ts';
import { isDirectory } from './folder.ts';
import { readText, STDIN_NAME, unreadable } from './read-text.ts';
import { problemAt, readDocuments, type SourceDocument } from './yaml.ts';

export interface Manifest {
  readonly object: KubeObject;
  readonly origin: Origin;
}

export interface Origin {
  readonly file: string;
  /** Which of the file's documents, counted from 0. */
  readonly document: number;
  /** Where the object lies in its document: empty, or `items[3]` in a list. */
  readonly path: string;
  /** Where a field of the object stands; without one, the object itself. */
  place(path?: string): Place;
}

export interface ManifestOptions {
  /** Directories below directories too. */
  readonly recursive?: boolean;
  readonly stdin?: Readable;
}

export interface ManifestsReading {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly FileProblem[];
}

/** As kubectl's -f: files, directories, "-"; within a directory by name. Throws everything that is wrong as one error. */
export async function loadManifests(names: readonly string[], options: ManifestOptions = {}): Promise<Manifest[]> {
  const readings: ManifestsReading[] = [];
  for (const name of await manifestFiles(names, options.recursive)) {
    const text = await readText(name, options);
    readings.push(readManifests(text, name === '-' ? STDIN_NAME : name));
  }
  const manifests = readings.flatMap((reading) => reading.manifests);
  const problems = [...readings.flatMap((reading) => reading.problems), ...repetitions(manifests)];
  if (problems.length > 0) throw new FileProblems(problems);
  return manifests;
}

/** The objects of one text; lists are taken apart, and what is no object of Kubernetes is a problem. */
export function readManifests(text: string, file: string): ManifestsReading {
  const { documents, problems } = readDocuments(text, file);
  const manifests: Manifest[] = [];
  const wrong: FileProblem[] = [...problems];
  for (const document of documents) collect({ document, value: document.value, path: '' }, manifests, wrong);
  return { manifests, problems: wrong.sort((a, b) => a.line - b.line || a.column - b.column) };
}

const EXTENSION = /\.(ya?ml|json)$/;

/** The files that are meant: those in directories one by one. */
export async function manifestFiles(names: readonly string[], recursive = false): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) {
    if (/^https?:\/\//.test(name)) throw new CommandError(`"${name}" is an address: fetch it first and name the file`);
    if (name !== '-' && (await isDirectory(name))) {
      const found = await filesBelow(name, recursive);
      if (found.length === 0) {
        throw new CommandError(`${name} holds no manifests: files that end in .yaml, .yml or .json`);
      }
      files.push(...found);
    } else {
      files.push(name);
    }
  }
  return files;
}

/** Symbolic links to directories are not followed, so that nothing goes in circles. */
async function filesBelow(directory: string, recursive: boolean): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await fs.readdir(directory, { withFileTypes: true });
  } catch (error) {
    throw unreadable(directory, error);
  }
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => byText(a.name, b.name))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (recursive) files.push(...(await filesBelow(path, recursive)));
    } else if (EXTENSION.test(entry.name) && !(entry.isSymbolicLink() && (await isDirectory(path)))) {
      files.push(path);
    }
  }
  return files;
}

/** What every object has. */
export const OBJECT = fields({
  apiVersion: filledText,
  kind: filledText,
  metadata: fields(
    { name: filledText },
    {
      namespace: text,
      labels: mapOf(text),
      annotations: mapOf(text),
      finalizers: listOf(text),
      ownerReferences: listOf(fields({ apiVersion: text, kind: text, name: text }, { uid: text })),
    },
  ),
});

function collect(found: Found, manifests: Manifest[], problems: FileProblem[]): void {
  const items = itemsOf(found);
  if (items !== null) {
    for (const item of items) collect(item, manifests, problems);
    return;
  }
  const { document, value, path } = found;
  const wrong = problemsOf(OBJECT, value);
  if (wrong.length === 0) {
    const place = (field = ''): Place => document.place(joinPaths(path, field));
    const origin = { file: document.file, document: document.index, path, place };
    manifests.push({ object: withoutNulls(value as KubeObject), origin });
  }
  for (const { path: field, message } of wrong) {
    const sentence = field === '' ? `the object ${message}` : message;
    problems.push(problemAt(document, joinPaths(path, field), sentence));
  }
}

interface Found {
  readonly document: SourceDocument;
  readonly value: unknown;
  readonly path: string;
}

/** What a list holds, or null for what is none. The items of a typed list may leave their type to it. */
function itemsOf({ document, value, path }: Found): Found[] | null {
  if (!isObject(value) || typeof value.kind !== 'string' || !value.kind.endsWith('List')) return null;
  if (!Array.isArray(value.items)) return null;
  const type = { apiVersion: value.apiVersion, kind: value.kind.slice(0, -'List'.length) };
  return value.items.map((item, at) => {
    const isTyped = !isObject(item) || item.kind !== undefined || item.apiVersion !== undefined || type.kind === '';
    return { document, value: isTyped ? item : { ...type, ...item }, path: joinPaths(path, `items[${at}]`) };
  });
}

const joinPaths = (path: string, field: string): string =>
  path === '' || field === '' || field.startsWith('[') ? path + field : `${path}.${field}`;

/** One object twice would make the outcome hang on the order of files. */
function repetitions(manifests: readonly Manifest[]): FileProblem[] {
  const first = new Map<string, Manifest>();
  return manifests.flatMap((manifest) => {
    const { apiVersion, kind, metadata } = manifest.object;
    const key = `${parseApiVersion(apiVersion).group}/${kind} ${objectKey(metadata.namespace, metadata.name)}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, manifest);
      return [];
    }
    const { file, line } = earlier.origin.place();
    const message = `${kind} ${objectKey(metadata.namespace, metadata.name)} is in ${file}:${line} already`;
    return [{ ...manifest.origin.place(), path: manifest.origin.path, message }];
  });
}
