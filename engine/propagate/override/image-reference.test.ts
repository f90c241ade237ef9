import { describe, expect, it } from 'vitest';
import { formatImage, parseImage, withTagOrDigest } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const parts = (image: string) => {
  const { registry, repository, tag, digest: found } = parseImage(image)!;
  return [registry, repository, tag, found];
};

describe('names of images', () => {
  it('have a registry only where the first part could be a host', () => {
    expect(parts('nginx')).toEqual(['', 'nginx', '', '']);
    expect(parts('library/nginx:1.25')).toEqual(['', 'library/nginx', '1.25', '']);
    expect(parts('localhost/nginx')).toEqual(['localhost', 'nginx', '', '']);
    expect(parts('host:5000/team/nginx:1')).toEqual(['host:5000', 'team/nginx', '1', '']);
    expect(parts('[::1]:5000/nginx')).toEqual(['[::1]:5000', 'nginx', '', '']);
    expect(parts(`ghcr.io/a/b@${digest}`)).toEqual(['ghcr.io', 'a/b', '', digest]);
  });

  it('lose the digest beside a tag', () => {
    expect(parts(`a:1@${digest}`)).toEqual(['', 'a', '1', '']);
  });

  it('are refused where a container runtime would refuse them', () => {
    const wrong = ['', 'Nginx', 'a b', '/a', 'a/', 'a::1', 'a:', `a:${'t'.repeat(129)}`, 'a@sha256:abc', 'a//b', '-a'];
    for (const image of [...wrong, `a@md5:${'a'.repeat(64)}`, `${'a'.repeat(256)}`, 'x'.repeat(100_000)]) {
      expect(parseImage(image)).toBeNull();
    }
  });

  it('come back as they were', () => {
    for (const image of ['nginx', 'a/b:1', 'host:5000/a/b', `ghcr.io/a@${digest}`]) {
      expect(formatImage(parseImage(image)!)).toBe(image);
    }
  });

  it('take a tag or a digest, and nothing else', () => {
    const image = parseImage('a:1')!;
    expect(formatImage(withTagOrDigest(image, 'v2'))).toBe('a:v2');
    expect(formatImage(withTagOrDigest(image, digest))).toBe(`a@${digest}`);
    expect(formatImage(withTagOrDigest(image, 'not a tag'))).toBe('a:1');
  });

  it('are refused without trying every way to split them', () => {
    // With nested repetition in the expression this would outlast the test's time limit.
    expect(parseImage(`${'a-'.repeat(400)}!`)).toBeNull();
  });
});
