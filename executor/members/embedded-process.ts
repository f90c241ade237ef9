// An embedded member: our API server over simulated nodes and workloads, whose clock follows the one on the wall. Runs in a
// process of its own, so that it can be killed, and ends with whoever started it.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Member, Random } from '../../engine/index.ts';
import { ADMIN, MASTERS } from '../apiserver/auth/rbac.ts';
import { makeAuthority, trustIn } from '../apiserver/authority.ts';
import { CLUSTER_HABITS, type Hub } from '../apiserver/hub.ts';
import { startHub } from '../apiserver/server.ts';
import { servingOf } from '../apiserver/serving.ts';
import { versionInfo } from '../apiserver/version.ts';
import { wallTime } from '../live/wall-time.ts';
import { showApi } from './appearance/api-service.ts';
import { Appearance } from './appearance/appearance.ts';
import { metricsApi } from './appearance/metrics.ts';
import { ShownObjects } from './appearance/shown-objects.ts';
import { Disturbance } from './disturbance.ts';
import { obey } from './embedded-obedience.ts';
import {
  type EmbeddedOptions,
  type EmbeddedOrder,
  type EmbeddedReady,
  type EmbeddedTruth,
  GREETING,
} from './embedded-words.ts';
import { FollowingClock } from './following-clock.ts';
import { creatingIn } from './in-process-client.ts';
import { simulatedLog } from './simulated-log.ts';

const HOST = '127.0.0.1';
const HISTORY = 20_000;

/** Nobody may be there to hear it. */
function tell(truth: EmbeddedTruth): void {
  if (process.connected) process.send?.(truth);
}

async function serve(options: EmbeddedOptions): Promise<void> {
  const { name, nodes, behaviors = [], port = 0, certificateFiles = null, clientAuthorityFile = null } = options;
  const now = wallTime();
  const say = (message: string) => void process.stderr.write(`${name}: ${message}\n`);
  const clock = new FollowingClock(now);
  const chance = { uid: () => randomUUID(), draw: (bound: number) => randomInt(bound) };
  let hub: Hub | null = null;
  const create = creatingIn(() => hub);
  const version = versionInfo.gitVersion.split('+')[0]!;
  const member = new Member({
    name,
    clock,
    random: new Random(randomUUID()),
    nodes,
    behaviors,
    showing: (inside) => new Appearance(inside, { ...chance, version, create }),
    historyMax: HISTORY,
    onServing: (key, serving) => tell({ truth: 'serving', key, serving }),
  });
  const authority = await makeAuthority(now());
  const token = randomBytes(32).toString('hex');
  const { store } = member.api;
  const disturbance = new Disturbance(token, () => store.compact(store.revision()));
  const serving = await servingOf({
    authority,
    hosts: [HOST, 'localhost', 'kubernetes.default.svc'],
    files: certificateFiles,
    clientAuthorityFile,
    now,
    say,
  });
  const server = await startHub({
    host: HOST,
    port,
    identity: serving.identity,
    store,
    habits: CLUSTER_HABITS,
    now,
    ...chance,
    tokens: new Map([[token, { name: ADMIN, uid: '', groups: [MASTERS], extra: {} }]]),
    secret: randomBytes(32),
    logs: simulatedLog,
    computed: metricsApi({ now, list: (collection, namespace) => store.list(collection, namespace) }),
    gate: (request, response, go) => disturbance.meet(request, response, go),
    onError: say,
  });
  hub = server.open.hub;
  showApi(new ShownObjects(member.api, chance), HOST, Number(new URL(server.url).port));
  const unkept = serving.keep(server);
  const ready: EmbeddedReady = { server: server.url, authority: trustIn(serving.identity), token };
  process.stdout.write(`${GREETING}${JSON.stringify(ready)}\n`);
  const end = () => {
    clock.stop();
    unkept();
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  // Ctrl-C reaches the whole group; whoever started us says when it is time.
  process.on('SIGINT', () => {});
  process.on('message', (order: EmbeddedOrder) => obey(order, { member, rules: behaviors }));
  process.stdin.resume();
  process.stdin.once('end', end);
  process.stdin.once('error', end);
}

await serve(JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions);
