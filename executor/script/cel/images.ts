// References to container images in rules in CEL, taken apart.
import type { Environment } from '@marcbachmann/cel-js';

class Image {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;

  constructor(registry: string, repository: string, tag: string, digest: string) {
    this.registry = registry;
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }
}

const HOME = 'index.docker.io';
const LENGTH_MAX = 1024;
const HOST = /^(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:)|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

function readImage(text: string): Image | null {
  if (text.length > LENGTH_MAX) return null;
  const [before = '', digest = '', ...more] = text.split('@');
  if (more.length > 0 || (text.includes('@') && !DIGEST.test(digest))) return null;
  const [, path = before, tag] = /^(.*):([^/:]*)$/.exec(before) ?? [];
  if (tag !== undefined && !TAG.test(tag)) return null;
  const slash = path.indexOf('/');
  const hasHost = slash !== -1 && HOST.test(path.slice(0, slash));
  const repository = hasHost ? path.slice(slash + 1) : path;
  if (!REPOSITORY.test(repository)) return null;
  const registry = hasHost ? path.slice(0, slash) : HOME;
  const isShort = registry === HOME && !repository.includes('/');
  // A digest says all; a tag beside it is not looked at.
  return new Image(
    registry,
    isShort ? `library/${repository}` : repository,
    digest === '' ? (tag ?? 'latest') : '',
    digest,
  );
}

function image(text: string): Image {
  const value = readImage(text);
  if (value === null) throw new Error(`"${text}" is no reference to an image`);
  return value;
}

export function addImages(environment: Environment): Environment {
  return environment
    .registerType('Image', Image)
    .registerFunction('isImage(string): bool', (text: string) => readImage(text) !== null)
    .registerFunction('image(string): Image', image)
    .registerFunction('Image.containsDigest(): bool', ({ digest }: Image) => digest !== '')
    .registerFunction('Image.registry(): string', ({ registry }: Image) => registry)
    .registerFunction('Image.repository(): string', ({ repository }: Image) => repository)
    .registerFunction('Image.tag(): string', ({ tag }: Image) => tag)
    .registerFunction('Image.digest(): string', ({ digest }: Image) => digest)
    .registerFunction('Image.identifier(): string', ({ tag, digest }: Image) => digest || tag);
}
