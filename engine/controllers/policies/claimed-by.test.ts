// What something else than a policy propagates is no business of policies.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { LABELS } from '../../api/names.ts';
import type { KubeObject } from '../../kube/meta.ts';

const WEB = deployment('web', 2);
const POLICY = policyFor(WEB, onlyIn('m1'));

const claimedBy = (object: KubeObject, claimant: string | null): KubeObject => {
  const { [LABELS.claimedBy]: _claimant, ...labels } = object.metadata.labels ?? {};
  const own = claimant === null ? labels : { ...labels, [LABELS.claimedBy]: claimant };
  return { ...object, metadata: { ...object.metadata, labels: own } };
};

const boundTo = (plane: Fixture) => plane.binding('web-deployment')?.spec.clusters?.map(({ name }) => name) ?? null;

describe('an object that bears the name of its claimant', () => {
  it('is left alone by every policy', () => {
    const plane = started(controlPlane(), claimedBy(WEB, 'Somebody'), POLICY);
    expect(boundTo(plane)).toBeNull();
    expect(plane.get('apps/v1', 'Deployment', 'web')!.metadata.labels).toEqual({ [LABELS.claimedBy]: 'Somebody' });
  });

  it('is the policy’s when the name is empty, and when it is gone', () => {
    expect(boundTo(started(controlPlane(), claimedBy(WEB, ''), POLICY))).toEqual(['m1']);
    const plane = started(controlPlane(), claimedBy(WEB, 'Somebody'), POLICY);
    plane.change(WEB, (object) => claimedBy(object, null));
    plane.simulation.runFor(60_000);
    expect(boundTo(plane)).toEqual(['m1']);
  });

  it('stays where it was when it gets one, whatever its policy says since', () => {
    const plane = started(controlPlane(), WEB, POLICY);
    plane.change(WEB, (object) => claimedBy(object, 'Somebody'));
    plane.change(POLICY, withSpec({ placement: onlyIn('m2') }));
    plane.simulation.runFor(60_000);
    expect(boundTo(plane)).toEqual(['m1']);
  });
});
