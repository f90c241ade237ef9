// Clusters made by the kind binary. Ours carry a prefix and have a kubeconfig of their own: what the user made is never touched.
import { rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { type Condition, conditionOfContainers } from './condition.ts';
import { MemberError } from './member.ts';

export const KIND_PREFIX = 'muster-';

export interface KindOptions {
  /** The binary; kind on the PATH where it is left out. */
  readonly binary?: string;
  /** The file that kind writes its kubeconfigs to, in place of the user's. */
  readonly kubeconfig: string;
  /** A node image; kind's own where it is left out. */
  readonly image?: string;
  readonly timeoutMs?: number;
  /** The container engine that kind uses. */
  readonly engine?: string;
}

/** Where its nodes say that they stand. */
export interface KindNodeLabels {
  readonly provider: string;
  readonly region: string;
  readonly zone: string;
}

/** There is none of Kubernetes' own. */
const PROVIDER_LABEL = 'topology.muster.dev/provider';
const TIMEOUT_MS = 300_000;
const READY_WAIT = '120s';
const ENGINE = process.env.KIND_EXPERIMENTAL_PROVIDER || 'docker';

const IS_TAKEN = /already exist/;

/** Somebody else's: it is not ours to delete. */
class NameTaken extends MemberError {}

export class Kind {
  readonly #options: KindOptions;

  constructor(options: KindOptions) {
    this.#options = options;
  }

  /** Without the prefix; only those that are ours. */
  async list(): Promise<readonly string[]> {
    const text = await this.#run(['get', 'clusters', '-q'], 'list clusters');
    return text
      .split('\n')
      .filter((line) => line.startsWith(KIND_PREFIX))
      .map((line) => line.slice(KIND_PREFIX.length));
  }

  /** What it leaves half made is deleted; what was there before is not. */
  async create(name: string, { provider, region, zone }: KindNodeLabels): Promise<void> {
    const { image, kubeconfig } = this.#options;
    const config = `${kubeconfig}.${name}.json`;
    const labels = {
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      [PROVIDER_LABEL]: provider,
    };
    const cluster = {
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: [{ role: 'control-plane', labels }],
    };
    await writeFile(config, JSON.stringify(cluster), { mode: 0o600 });
    const asked = ['create', 'cluster', '--name', KIND_PREFIX + name, '--config', config, '--wait', READY_WAIT];
    const chosen = image === undefined ? [] : ['--image', image];
    try {
      await this.#run([...asked, ...chosen, '--kubeconfig', kubeconfig, '-q'], `create cluster ${name}`);
    } catch (error) {
      if (!(error instanceof NameTaken)) await this.delete(name).catch(() => {});
      throw error;
    } finally {
      await rm(config, { force: true });
    }
  }

  /** The kubeconfig's text. */
  kubeconfig(name: string): Promise<string> {
    return this.#run(['get', 'kubeconfig', '--name', KIND_PREFIX + name], `read the kubeconfig of cluster ${name}`);
  }

  async loadImage(name: string, image: string): Promise<void> {
    await this.#run(['load', 'docker-image', image, '--name', KIND_PREFIX + name, '-q'], `load ${image} into ${name}`);
  }

  /** As a power cut would. */
  kill = (name: string): Promise<void> => this.#onNodes(name, 'kill');
  start = (name: string): Promise<void> => this.#onNodes(name, 'start');
  /** Its nodes stop answering, and go on where they were. */
  pause = (name: string): Promise<void> => this.#onNodes(name, 'pause');
  resume = (name: string): Promise<void> => this.#onNodes(name, 'unpause');

  /** Of all its nodes; null where they differ, or the engine does not tell. */
  async condition(name: string): Promise<Condition | null> {
    const nodes = await this.#nodes(name);
    const result = await this.#engine(['inspect', '--format', '{{.State.Status}}', ...nodes]);
    return result.failed ? null : conditionOfContainers(result.stdout.split(/\s+/).filter((word) => word !== ''));
  }

  async #onNodes(name: string, act: string): Promise<void> {
    const { engine = ENGINE } = this.#options;
    const result = await this.#engine([act, ...(await this.#nodes(name))]);
    if (!result.failed) return;
    const told =
      result.code === 'ENOENT' ? `there is no ${engine} on the PATH` : result.stderr.trim().split('\n').at(-1);
    throw new MemberError(`${engine} could not ${act} the nodes of ${name}: ${told}; try "${engine} ps -a"`);
  }

  #engine(words: readonly string[]) {
    const { engine = ENGINE, timeoutMs = TIMEOUT_MS } = this.#options;
    return execa(engine, words, { reject: false, timeout: timeoutMs, stdin: 'ignore' });
  }

  async #nodes(name: string): Promise<readonly string[]> {
    const nodes = (await this.#run(['get', 'nodes', '--name', KIND_PREFIX + name, '-q'], `list the nodes of ${name}`))
      .split(/\s+/)
      .filter((node) => node.startsWith(KIND_PREFIX));
    if (nodes.length === 0) throw new MemberError(`kind has no cluster ${KIND_PREFIX}${name}: try "kind get clusters"`);
    return nodes;
  }

  /** Nothing happens where there is no such cluster. */
  async delete(name: string): Promise<void> {
    const { kubeconfig } = this.#options;
    const asked = ['delete', 'cluster', '--name', KIND_PREFIX + name, '--kubeconfig', kubeconfig, '-q'];
    await this.#run(asked, `delete cluster ${name}`);
  }

  async #run(args: readonly string[], what: string): Promise<string> {
    const { binary = 'kind', engine = ENGINE, kubeconfig, timeoutMs = TIMEOUT_MS } = this.#options;
    const result = await execa(binary, args, {
      reject: false,
      timeout: timeoutMs,
      env: { KUBECONFIG: kubeconfig },
      stdin: 'ignore',
    });
    if (!result.failed) return result.stdout;
    const why = result.timedOut
      ? `it took longer than ${timeoutMs / 1000} s; look at "${engine} ps" for what its node is doing`
      : explain(result.code ?? '', result.stderr, engine);
    throw new (IS_TAKEN.test(result.stderr) ? NameTaken : MemberError)(`kind could not ${what}: ${why}`);
  }
}

/** One sentence for what kind tells at length. */
function explain(code: string, stderr: string, engine: string): string {
  if (code === 'ENOENT') return 'there is no kind on the PATH; install it, or use --members embedded:N';
  if (/executable file not found/.test(stderr)) {
    return 'it found no container engine; install Docker, or use --members embedded:N';
  }
  if (/Cannot connect to the Docker daemon|failed to get docker info|failed to list/.test(stderr)) {
    return `the container engine does not answer; try "${engine} info", or use --members embedded:N`;
  }
  const image = /failed to pull image "([^"]+)"/.exec(stderr)?.[1];
  if (image !== undefined)
    return `the image ${image} cannot be fetched; try "${engine} pull ${image}", or name another with --kind-image`;
  if (/not present locally/.test(stderr)) return `this machine has no such image; try "${engine} pull" first`;
  if (IS_TAKEN.test(stderr)) return 'there is one of that name; try "kind get clusters"';
  const told = stderr.split('\n').find((line) => line.startsWith('ERROR: '));
  return told?.slice('ERROR: '.length) ?? (stderr.trim().split('\n').at(-1) || 'it does not say why');
}
