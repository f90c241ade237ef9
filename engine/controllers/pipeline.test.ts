import { describe, expect, it } from 'vitest';
import { controlPlane, deployment, policyFor } from '../../test/builders/control-plane.ts';

describe('the control plane', () => {
  it('carries a workload to its clusters and its status back', () => {
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    const web = deployment('web', 6);
    plane.put(web);
    plane.put(policyFor(web));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe('m1=2 m2=2 m3=2');
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
    expect(plane.get('apps/v1', 'Deployment', 'web')!.status).toMatchObject({ replicas: 6, readyReplicas: 6 });
  });
});
