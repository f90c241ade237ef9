import { expect, it } from 'vitest';
import { readWords } from './words.ts';

const read = (line: string) => readWords(line.split(' ')).map(({ kind, name }) => `${kind}:${name ?? '*'}`);

it.each([
  ['deploy', ['deploy:*']],
  ['deploy web', ['deploy:web']],
  ['deploy web shop', ['deploy:web', 'deploy:shop']],
  ['deploy,svc', ['deploy:*', 'svc:*']],
  ['deploy,svc web', ['deploy:web', 'svc:web']],
  ['deploy/web', ['deploy:web']],
  ['deploy/web svc/web deployments.apps/shop', ['deploy:web', 'svc:web', 'deployments.apps:shop']],
])('"%s" is read as kubectl reads it', (line, asked) => {
  expect(read(line)).toEqual(asked);
});

it.each([
  ['deploy deploy/web', 'no need to specify a resource type as a separate argument .* "deploy" is none'],
  ['deploy/web shop', 'no need to specify a resource type as a separate argument .* "shop" is none'],
  ['deploy,svc/web', '"deploy,svc/web" must have a single kind and name'],
  ['deploy/web/shop', '"deploy/web/shop" must have a single kind and name'],
  ['/web', '"/web" must have a single kind and name'],
  ['deploy/', '"deploy/" must have a single kind and name'],
  [',', 'which kind\\?'],
])('"%s" is refused', (line, why) => {
  expect(() => read(line)).toThrow(new RegExp(why));
});
