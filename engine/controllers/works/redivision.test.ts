// What is made larger or smaller is rendered and told of once, and not before and after the scheduler has divided it anew.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  weighedIn,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Placement } from '../../api/placement.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { Change } from '../../store/change.ts';
import { waitForRedivision } from './redivision.ts';

const web = deployment('web', 4);

const isOfSpec = ({ object, previous }: Change) => !deepEqual(object.spec, previous?.spec);

/** Changes of a collection of the hub from now on. */
function changesOf(plane: Fixture, wanted: string, isCounted: (change: Change) => boolean): readonly Change[] {
  const seen: Change[] = [];
  plane.simulation.onChange((change) => {
    if (change.collection === wanted && change.type === 'MODIFIED' && isCounted(change)) seen.push(change);
  });
  return seen;
}

/** In how many clusters the newest version has been seen, as the binding tells it. */
function newestIn(binding: KubeObject | null | undefined): number {
  const { aggregatedStatus = [] } = (binding as unknown as ResourceBinding | null)?.status ?? {};
  return aggregatedStatus.filter(({ status }) => isObject(status) && status.resourceTemplateGeneration === 2).length;
}

const resized = (plane: Fixture, replicas: number) => plane.change(web, withSpec({ replicas }));

describe('a workload that is made larger', () => {
  const placements: readonly [string, Placement, string][] = [
    ['divided', weighedIn({ m1: 1, m2: 1 }), 'm1=5 m2=5'],
    ['duplicated', { clusterAffinity: { clusterNames: ['m1', 'm2'] } }, 'm1=10 m2=10'],
  ];
  for (const [how, placement, places] of placements) {
    it(`is rendered once a cluster where it is ${how}`, () => {
      const plane = started(controlPlane(), web, policyFor(web, placement));
      const rendered = changesOf(plane, COLLECTIONS.works, isOfSpec);
      resized(plane, 10);
      plane.simulation.runFor(60_000);
      expect([plane.places('web'), plane.serving('web')]).toEqual([places, places]);
      expect(rendered.map(({ object }) => object.metadata.namespace)).toEqual(['karmada-es-m1', 'karmada-es-m2']);
    });
  }

  it('is told of once when it has reached every cluster', () => {
    const plane = started(controlPlane(), web, policyFor(web, weighedIn({ m1: 1, m2: 1 })));
    const told = changesOf(
      plane,
      COLLECTIONS.bindings,
      ({ object, previous }) => newestIn(object) > newestIn(previous),
    );
    resized(plane, 10);
    plane.simulation.runFor(60_000);
    expect(told.map(({ object }) => newestIn(object))).toEqual([2]);
  });

  it('is rendered all the same while nobody schedules', () => {
    const plane = started(controlPlane(), web, policyFor(web, weighedIn({ m1: 1, m2: 1 })));
    plane.simulation.inject({ fault: 'pause', name: 'scheduler', forMs: 600_000 });
    const rendered = changesOf(plane, COLLECTIONS.works, isOfSpec);
    plane.change(web, (object) => ({ ...deployment('web', 10, 'shop/app:2'), metadata: object.metadata }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m1=2 m2=2');
    expect(rendered.length).toBeGreaterThan(0);
    expect(JSON.stringify(rendered.at(-1)?.object)).toContain('shop/app:2');
  });

  it('is rendered at once where only its image is another', () => {
    const plane = started(controlPlane(), web, policyFor(web, onlyIn('m1')));
    const rendered = changesOf(plane, COLLECTIONS.works, isOfSpec);
    plane.change(web, (object) => ({ ...deployment('web', 4, 'shop/app:2'), metadata: object.metadata }));
    plane.simulation.runFor(190);
    expect(rendered).toHaveLength(1);
  });

  it('is not waited for where its replicas cannot be told', () => {
    const tellsNothing = {
      replicas: () => {
        throw new PropagationError('the interpreter has failed');
      },
    } as unknown as Interpreter;
    const plane = started(controlPlane(), web, policyFor(web, onlyIn('m1')));
    const template = { ...web, metadata: { ...web.metadata, generation: 2, resourceVersion: '1000' } };
    expect(waitForRedivision(plane.binding('web-deployment')!, template, tellsNothing, undefined, 0).waitMs).toBe(0);
  });
});
