import { describe, expect, it } from 'vitest';
import { readMembers } from './wanted.ts';

const namesOf = (text: string) => {
  const reading = readMembers(text);
  return reading.ok ? reading.members.map(({ kind, name }) => `${kind} ${name}`) : reading.problem;
};

describe('members on a command line', () => {
  it.each([
    ['embedded:2', ['embedded member1', 'embedded member2']],
    ['embedded,kind:1, embedded:1', ['embedded member1', 'kind kind1', 'embedded member2']],
    ['kubeconfig:Prod_EU@Work', ['kubeconfig prod-eu-work']],
    ['', []],
  ])('are %s', (text, names) => expect(namesOf(text)).toEqual(names));

  it.each([
    ['embedded:none', 'from 1 to 50'],
    ['kind:0', 'from 1 to 50'],
    ['docker:3', 'no member is called "docker:3"'],
    ['kubeconfig:a,kubeconfig:A', 'two members would be called a'],
  ])('are refused as %s', (text, told) => expect(namesOf(text)).toContain(told));
});
