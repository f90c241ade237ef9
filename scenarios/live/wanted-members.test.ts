// Tests of which clusters a command line means for a scenario.
import { describe, expect, it } from 'vitest';
import { readWantedMembers } from './wanted-members.ts';

const NAMES = ['paris', 'oslo'];
const contextsIn = (text: string) => {
  const reading = readWantedMembers(text, NAMES);
  return reading.ok ? [reading.wanted.sort, Object.fromEntries(reading.wanted.contexts)] : reading.problem;
};

describe('members of a live scenario', () => {
  it.each([
    ['embedded', ['embedded', {}]],
    ['kind', ['kind', {}]],
    ['kubeconfig:a, arn:aws:eks:b', ['kubeconfig', { paris: 'a', oslo: 'arn:aws:eks:b' }]],
    ['kubeconfig:oslo=a=1,paris=b', ['kubeconfig', { oslo: 'a=1', paris: 'b' }]],
    ['kubeconfig:x=a,y=b', ['kubeconfig', { paris: 'x=a', oslo: 'y=b' }]],
  ])('are read from %s', (text, wanted) => expect(contextsIn(text)).toEqual(wanted));

  it.each([
    ['docker', 'no members are called "docker"'],
    ['kind:3', 'the scenario says how many clusters there are: --members kind, without ":3"'],
    ['kubeconfig:', 'no context stands for paris, oslo: the scenario has the clusters paris, oslo'],
    ['kubeconfig:a', 'no context stands for oslo'],
    ['kubeconfig:a,b,c', '3 contexts are too many'],
    ['kubeconfig:a,a', 'the context a cannot stand for two clusters'],
    ['kubeconfig:paris=a,b', 'name the cluster of every context or of none: b has none'],
    ['kubeconfig:paris=a,paris=b', 'no context stands for oslo'],
  ])('are refused as %s', (text, told) => expect(contextsIn(text)).toContain(told));
});
