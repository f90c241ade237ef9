// An embedded member through kubectl's eyes: what people look at first in any cluster is there, and looks as it does elsewhere.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubeconfigText } from '../../executor/apiserver/kubeconfig.ts';
import {
  EMBEDDED_BEHAVIORS,
  EMBEDDED_NODES,
  type EmbeddedMember,
  startEmbedded,
} from '../../executor/members/embedded.ts';

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const WAIT = { timeout: 30_000 };

const MANIFESTS = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "db:1"}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: default}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "agent:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: huge, namespace: default}
spec: {containers: [{name: huge, image: "huge:1", resources: {requests: {cpu: "100"}}}]}
`;

describe.skipIf(!hasKubectl)(
  `an embedded member${hasKubectl ? '' : ', skipped: there is no kubectl'}`,
  {
    timeout: 120_000,
  },
  () => {
    let member: EmbeddedMember;
    let folder: string;

    const kubectl = async (...words: string[]): Promise<string> => {
      const config = ['--kubeconfig', join(folder, 'config'), '--cache-dir', join(folder, 'cache')];
      const { stdout } = await promisify(execFile)('kubectl', [...config, ...words]);
      return stdout;
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'member-appearance-'));
      member = await startEmbedded({ name: 'member', nodes: EMBEDDED_NODES, behaviors: EMBEDDED_BEHAVIORS });
      const { server, authority, token } = member;
      const text = kubeconfigText({ name: 'member', server, authority, proof: { token } });
      writeFileSync(join(folder, 'config'), text, { mode: 0o600 });
      writeFileSync(join(folder, 'all.yaml'), MANIFESTS);
      await kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=2', '--port=80');
      await kubectl('create', '-f', join(folder, 'all.yaml'));
      for (const one of ['deployment/web', 'statefulset/db', 'daemonset/agent']) {
        await kubectl('rollout', 'status', one, '--timeout=30s');
      }
    }, 90_000);

    afterAll(async () => {
      await member?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    it('has nodes with a version, addresses and all that their kubelets tell', async () => {
      expect(await kubectl('get', 'nodes', '-o', 'wide')).toMatch(
        /^NAME .*\nnode-0 +Ready +<none> +\S+ +v1\.\d+\.\d+ +172\.18\.0\.2 +<none> +Muster simulated node +simulated +simulated:/,
      );
      const described = await kubectl('describe', 'node', 'node-0');
      expect(described).toMatch(/MemoryPressure +False.*KubeletHasSufficientMemory/);
      expect(described).toMatch(/default +agent-\w+/);
    });

    it('has namespaces, accounts and its own Service as a new cluster does', async () => {
      const names = await kubectl('get', 'namespaces', '-o', 'name');
      expect(names.trim().split('\n')).toEqual(
        ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => `namespace/${name}`),
      );
      await kubectl('create', 'namespace', 'fresh');
      await expect
        .poll(() => kubectl('get', 'serviceaccount,configmap', '-n', 'fresh', '-o', 'name'), WAIT)
        .toBe('serviceaccount/default\nconfigmap/kube-root-ca.crt\n');
      expect(await kubectl('get', 'service,endpointslices', 'kubernetes')).toMatch(/10\.96\.0\.1[\s\S]*127\.0\.0\.1/);
    });

    it('keeps the history of a Deployment, and goes back in it', async () => {
      expect(await kubectl('get', 'replicasets', '-l', 'app=web', '-o', 'wide')).toMatch(
        /\nweb-(\w+) +2 +2 +2 +\S+ +web +web:1 +app=web,pod-template-hash=\1/,
      );
      await kubectl('set', 'image', 'deployment/web', 'web=web:2');
      await kubectl('annotate', 'deployment/web', 'kubernetes.io/change-cause=a better web');
      await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
      expect(await kubectl('rollout', 'history', 'deployment/web')).toMatch(/\n1 +<none>\n2 +a better web\n/);
      expect(await kubectl('rollout', 'history', 'deployment/web', '--revision=1')).toContain('web:1');
      await kubectl('rollout', 'undo', 'deployment/web');
      await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
      const image = await kubectl(
        'get',
        'deployment',
        'web',
        '-o',
        'jsonpath={.spec.template.spec.containers[0].image}',
      );
      expect(image).toBe('web:1');
      expect(await kubectl('rollout', 'history', 'deployment/web')).toMatch(/\n2 +a better web\n3 +\S+/);
      const described = await kubectl('describe', 'deployment', 'web');
      expect(described).toMatch(/NewReplicaSet: +web-\w+ \(2\/2 replicas created\)/);
      expect(described).toMatch(
        /ScalingReplicaSet +\S+ +deployment-controller +Scaled up replica set web-\w+ from 0 to 2/,
      );
    });

    it('pauses, resumes and restarts a rollout', async () => {
      const sets = async () =>
        (await kubectl('get', 'replicasets', '-l', 'app=web', '-o', 'name')).trim().split('\n').length;
      const before = await sets();
      await kubectl('rollout', 'pause', 'deployment/web');
      await kubectl('rollout', 'restart', 'daemonset/agent');
      await kubectl('set', 'image', 'deployment/web', 'web=web:3');
      await kubectl('rollout', 'status', 'daemonset/agent', '--timeout=60s');
      expect(await sets()).toBe(before);
      await kubectl('rollout', 'resume', 'deployment/web');
      await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s');
      expect(await sets()).toBe(before + 1);
    });

    it.each(['statefulset/db', 'daemonset/agent'])('keeps the history of the %s, and goes back in it', async (one) => {
      const name = one.split('/')[1]!;
      const image = () => kubectl('get', one, '-o', 'jsonpath={.spec.template.spec.containers[0].image}');
      await kubectl('set', 'image', one, `${name}=${name}:2`);
      await kubectl('rollout', 'status', one, '--timeout=60s');
      expect(await image()).toBe(`${name}:2`);
      await kubectl('rollout', 'undo', one);
      await kubectl('rollout', 'status', one, '--timeout=60s');
      expect(await image()).toBe(`${name}:1`);
      const history = (await kubectl('rollout', 'history', one)).match(/^\d+/gm);
      expect(history!.map(Number)).toEqual([...history!.map(Number)].sort((a, b) => a - b));
      expect(history!.length).toBeGreaterThanOrEqual(2);
    });

    it('shows where pods are, what they are at, and why they wait', async () => {
      expect(await kubectl('get', 'pod', 'db-0', '-o', 'wide')).toMatch(
        /\ndb-0 +1\/1 +Running +0 +\S+ +10\.244\.\d+\.\d+ +node-\d/,
      );
      const described = await kubectl('describe', 'pod', 'db-0');
      expect(described).toMatch(/Node: +node-\d\/172\.18\.0\.\d/);
      expect(described).toMatch(/Controlled By: +StatefulSet\/db/);
      expect(described).toMatch(/State: +Running/);
      expect(described).toMatch(/PodReadyToStartContainers +True[\s\S]*Initialized +True[\s\S]*PodScheduled +True/);
      expect(described).toMatch(/QoS Class: +BestEffort/);
      expect(described).toMatch(/Normal +Started +\S+ +kubelet +Started container db/);
      const waiting = await kubectl('describe', 'pod', 'huge');
      expect(waiting).toMatch(/Status: +Pending/);
      expect(waiting).toMatch(
        /FailedScheduling +\S+ +default-scheduler +0\/3 nodes are available: 3 Insufficient cpu\./,
      );
      await kubectl('delete', 'pod', 'db-0', '--timeout=20s');
      await kubectl('rollout', 'status', 'statefulset/db', '--timeout=30s');
    });

    it('finds the pods of a Service', async () => {
      await kubectl('expose', 'deployment', 'web', '--port=80');
      const addresses = async () => {
        const path = 'jsonpath={.items[*].status.podIP}';
        return (await kubectl('get', 'pods', '-l', 'app=web', '--field-selector=status.phase=Running', '-o', path))
          .split(' ')
          .sort();
      };
      const served = async () => {
        const path = 'jsonpath={.items[*].endpoints[*].addresses[0]}';
        const selector = 'kubernetes.io/service-name=web';
        return (await kubectl('get', 'endpointslices', '-l', selector, '-o', path)).split(' ').sort();
      };
      await expect.poll(async () => (await served()).length, WAIT).toBe(2);
      await expect.poll(async () => [await served()].toString() === (await addresses()).toString(), WAIT).toBe(true);
      expect(await kubectl('describe', 'service', 'web')).toMatch(
        /IP: +10\.96\.\d+\.\d+[\s\S]*Endpoints: +10\.244\.\d+\.\d+:80,10/,
      );
      expect(await kubectl('get', 'endpoints', 'web')).toMatch(/10\.244\.\d+\.\d+:80,10/);
    });

    it('measures nodes and pods', async () => {
      expect(await kubectl('top', 'nodes')).toMatch(/\nnode-0 +\d+m +\d+% +\d+Mi +\d+%/);
      expect(await kubectl('top', 'pods', '-l', 'app=db', '--containers')).toMatch(/\ndb-0 +db +\d+m +\d+Mi/);
      await expect(kubectl('delete', 'nodes.metrics.k8s.io', 'node-0')).rejects.toThrow('MethodNotAllowed');
    });

    it('is done with a Job soon, and makes those of a CronJob as any client would', async () => {
      await kubectl('create', 'cronjob', 'tick', '--image=busybox', '--schedule=* * * * *', '--', 'true');
      await kubectl('create', 'job', 'once', '--image=busybox', '--', 'true');
      await kubectl('wait', '--for=condition=complete', 'job/once', '--timeout=30s');
      expect(await kubectl('get', 'pods', '-l', 'job-name=once')).toMatch(/once-\w+ +0\/1 +Completed/);
      expect(await kubectl('logs', 'job/once')).toContain('ended with exit code 0');
      const ticks = () =>
        kubectl('get', 'jobs', '-o', 'jsonpath={.items[?(@.metadata.ownerReferences)].status.succeeded}');
      await expect.poll(ticks, { timeout: 80_000, interval: 2_000 }).toBe('1');
    });
  },
);
