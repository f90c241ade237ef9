// The parts of a container image's name: registry, repository, and a tag or a digest.

export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = `(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^((?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const WHOLE_TAG = new RegExp(`^${TAG}$`);
const WHOLE_DIGEST = new RegExp(`^${DIGEST}$`);
const NAME_LENGTH_MAX = 255;
/** Longer texts are refused before the expression is tried: no name, tag and known digest together reach this. */
const REFERENCE_LENGTH_MAX = 1024;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** The parts, or null for what names no image. A digest beside a tag is dropped: the tag is what Karmada keeps. */
export function parseImage(image: string): ImageReference | null {
  const match = image.length > REFERENCE_LENGTH_MAX ? null : REFERENCE.exec(image);
  if (match === null) return null;
  const [, name = '', tag = '', digest = ''] = match;
  if (name.length > NAME_LENGTH_MAX || (digest !== '' && !isKnownDigest(digest))) return null;
  return { ...splitName(name), tag, digest: tag === '' ? digest : '' };
}

function isKnownDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon);
  const hex = digest.slice(colon + 1);
  return (
    Object.hasOwn(DIGEST_LENGTHS, algorithm) && hex.length === DIGEST_LENGTHS[algorithm] && /^[a-f0-9]+$/.test(hex)
  );
}

/** What stands before the first slash is a registry only if it could be a host. */
function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (slash < 0 || (!/[.:]/.test(first) && first !== 'localhost')) return { registry: '', repository: name };
  return { registry: first, repository: name.slice(slash + 1) };
}

export function formatImage({ registry, repository, tag, digest }: ImageReference): string {
  const name = registry === '' ? repository : `${registry}/${repository}`;
  if (tag !== '') return `${name}:${tag}`;
  return digest === '' ? name : `${name}@${digest}`;
}

/** The image with another tag or digest; a text that is neither leaves it as it is. */
export function withTagOrDigest(image: ImageReference, text: string): ImageReference {
  if (WHOLE_TAG.test(text)) return { ...image, tag: text, digest: '' };
  if (WHOLE_DIGEST.test(text)) return { ...image, tag: '', digest: text };
  return image;
}
