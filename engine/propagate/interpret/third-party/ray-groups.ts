// The pods of a Ray cluster, which Ray's other kinds hold inside: a head, and groups of workers.
import type { Component } from '../../../api/binding.ts';
import { type Fields, fieldsAt, listAt, textAt } from '../../fields.ts';
import { countAt } from './counts.ts';
import { componentOf, requirementsOf } from './pods.ts';

export const headTemplateOf = (cluster: Fields): Fields | undefined => fieldsAt(cluster, 'headGroupSpec', 'template');

export const workerGroupsOf = (cluster: Fields): readonly Fields[] => listAt(cluster, 'workerGroupSpecs');

export const workersIn = (group: Fields): number => countAt(group, 'replicas') ?? 0;

export const rayTemplatesOf = (cluster: Fields): (Fields | undefined)[] => [
  headTemplateOf(cluster),
  ...workerGroupsOf(cluster).map((group) => fieldsAt(group, 'template')),
];

/** There is one head. Groups without a name are counted from 1. */
export function rayComponents(cluster: Fields): Component[] {
  const head = headTemplateOf(cluster);
  return [
    ...(head === undefined ? [] : [componentOf('ray-head', 1, requirementsOf(head))]),
    ...workerGroupsOf(cluster).map((group, at) =>
      componentOf(
        textAt(group, 'groupName') || `worker-${at + 1}`,
        workersIn(group),
        requirementsOf(fieldsAt(group, 'template')),
      ),
    ),
  ];
}
