// What a measurement asks of an API: objects made and changed, several at a time, and where they are found.
import type { KubeObject } from '../../engine/index.ts';
import type { HttpApi } from '../../executor/live/http-api.ts';
import { CommandError } from '../../executor/terminal/command.ts';

const WRITERS = 16;

export const mapsIn = (space: string): string => `/api/v1/namespaces/${space}/configmaps`;
export const policiesIn = (space: string): string =>
  `/apis/policy.karmada.io/v1alpha1/namespaces/${space}/propagationpolicies`;
export const bindingsIn = (space: string): string =>
  `/apis/work.karmada.io/v1alpha2/namespaces/${space}/resourcebindings`;
export const deploymentsIn = (space: string): string => `/apis/apps/v1/namespaces/${space}/deployments`;

export async function inParallel(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next;
      next += 1;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, worker));
}

export const create = (api: HttpApi, path: string, object: KubeObject): Promise<void> =>
  must(api, 'POST', path, object);

export async function must(api: HttpApi, method: string, path: string, body: object, contentType = 'application/json') {
  const answer = await api.send({ method, path, body: JSON.stringify(body), contentType });
  if (answer.ok && answer.status < 300) return;
  throw new CommandError(`${method} ${path} failed: ${answer.ok ? answer.text.slice(0, 300) : answer.message}`);
}
