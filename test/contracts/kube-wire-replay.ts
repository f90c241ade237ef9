// Sends recorded requests to a hub in memory and tells where its answers differ from the recorded ones.
import { isObject, ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { CLUSTER_HABITS } from '../../executor/apiserver/hub.ts';
import { type OpenHub, openHub } from '../../executor/apiserver/open-hub.ts';
import type { ApiResponse, UserInfo, WatchResponse } from '../../executor/apiserver/request.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import type { Difference } from './kube-wire-differences.ts';
import { compareEvents, nameOf, withoutForeign } from './kube-wire-events.ts';
import { compareValues, tidyText } from './kube-wire-values.ts';
import { type Recorded, readTopic } from './recordings.ts';

export interface TopicResult {
  readonly client: string;
  readonly topic: string;
  readonly requests: number;
  readonly equal: number;
  readonly excused: number;
  readonly problems: readonly string[];
}

const CONTROLLERS = /^(kube-controller-manager|kube-scheduler|hollow-kubelet|kubelet)$/;
const PLAYED =
  /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|PodDisruptionBudget|HorizontalPodAutoscaler)$/;
const NOBODY = '00000000-0000-4000-8000-000000000000';

interface Open {
  readonly recorded: Recorded;
  readonly watch: WatchResponse;
  readonly lines: string[];
  readonly ends: number;
}

export class Replay {
  private readonly client: string;
  private readonly allowed: readonly Difference[];
  private readonly open: OpenHub;
  private clock = Date.parse('2026-11-20T10:00:00Z');
  /** Our revisions for the recorded ones: of objects, and of the lists and watches that tell how far they have seen. */
  private readonly revisions = new Map<string, string>();
  private readonly seen = new Map<string, string>();
  private readonly tokens = new Map<string, string>();
  private readonly tags = new Map<string, string>();
  private watches: Open[] = [];

  constructor(client: string, allowed: readonly Difference[]) {
    this.client = client;
    this.allowed = allowed;
    let drawn = 1;
    const tokens = new Map<string, UserInfo>([
      ['admin', { name: 'admin', uid: '', groups: [MASTERS], extra: {} }],
      ['shoptoken', { name: 'pat', uid: '', groups: ['crew'], extra: {} }],
    ]);
    this.open = openHub({
      store: new ObjectStore({ firstRevision: 1000 }),
      habits: CLUSTER_HABITS,
      now: () => this.clock,
      uid: () => {
        drawn += 1;
        return `aaaaaaaa-0000-4000-8000-${String(drawn).padStart(12, '0')}`;
      },
      draw: (bound) => {
        drawn = (drawn * 48_271) % 2_147_483_647;
        return drawn % bound;
      },
      tokens,
      secret: new Uint8Array(32),
      rootCertificate: 'a certificate',
      address: '<server>',
    });
    this.open.hub.store.onChange((change) => {
      for (const { watch, lines } of this.watches) {
        if (watch.collection !== change.collection || watch.isOver() || change.revision <= watch.after) continue;
        const line = watch.line(change);
        if (line !== null) lines.push(line);
      }
    });
  }

  run(topic: string): TopicResult {
    const lines = readTopic(this.client, topic);
    const problems: string[] = [];
    let equal = 0;
    let excused = 0;
    const judge = (recorded: Recorded, found: readonly string[]) => {
      const what = `${recorded.request.method} ${recorded.request.url}`;
      const rest = found.filter((problem) => !this.isAllowed(topic, what, problem));
      if (rest.length > 0)
        problems.push(`[${recorded.seq}] ${what.slice(0, 160)}\n    ${rest.slice(0, 6).join('\n    ')}`);
      else if (found.length > 0) excused += 1;
      else equal += 1;
    };
    const closeBefore = (at: number) => {
      for (const one of this.watches.filter(({ ends }) => ends < at))
        judge(one.recorded, compareEvents(one.recorded, one.lines));
      this.watches = this.watches.filter(({ ends }) => ends >= at);
    };
    for (const { recorded, at } of inOrderOfBeginning(lines)) {
      // A watch ends late; only answers that came at once tell how far time had gone.
      if (recorded.response.events === undefined) closeBefore(at);
      this.clock += 1000;
      this.playControllers(recorded);
      const response = this.send(recorded, topic);
      if (response.kind === 'watch') {
        this.watches.push({ recorded, watch: response, lines: [...response.initial], ends: at });
      } else {
        this.learn(recorded, response);
        judge(recorded, this.compare(recorded, response));
      }
      this.settle();
    }
    closeBefore(Number.POSITIVE_INFINITY);
    return { client: this.client, topic, requests: lines.length, equal, excused, problems };
  }

  /** The recorded world had workload controllers: what they wrote to an object is written to ours before it is asked for. */
  private playControllers({ request, response }: Recorded): void {
    const theirs = response.body;
    if (!isObject(theirs) || !isObject(theirs.metadata) || response.status > 201) return;
    if (/\/(status|scale)(\?|$)/.test(request.url) || request.method === 'POST') return;
    // Whoever names a revision has seen the object as it is; playing now would make that revision an old one.
    if (
      JSON.stringify(request.body ?? '').includes('"resourceVersion":') ||
      JSON.stringify(request.body ?? '').includes('/metadata/resourceVersion')
    )
      return;
    const owners = Array.isArray(theirs.metadata.managedFields) ? theirs.metadata.managedFields.filter(isObject) : [];
    const played = owners.filter(({ manager }) => CONTROLLERS.test(String(manager)));
    if (played.length === 0) return;
    const { store, registry } = this.open.hub;
    const [group, version] = String(theirs.apiVersion).includes('/')
      ? String(theirs.apiVersion).split('/')
      : ['', String(theirs.apiVersion)];
    const resource = registry.findKind(group!, version!, String(theirs.kind));
    if (resource === null || !PLAYED.test(resource.kind)) return;
    const stored = store.get(
      resource.collection,
      String(theirs.metadata.namespace ?? ''),
      String(theirs.metadata.name),
    );
    if (stored === null) return;
    const ours = resource.fromStored(stored);
    const annotations = { ...ours.metadata.annotations };
    for (const [key, value] of Object.entries(
      isObject(theirs.metadata.annotations) ? theirs.metadata.annotations : {},
    )) {
      if (key.startsWith('deployment.kubernetes.io/')) annotations[key] = String(value);
    }
    const kept = (ours.metadata.managedFields ?? []).filter(({ manager }) => !CONTROLLERS.test(String(manager)));
    const told = played.map((entry) => ({ ...entry, time: '2026-11-20T10:00:00Z' })) as typeof kept;
    const metadata = { ...ours.metadata, managedFields: [...kept, ...told] };
    if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
    const status = JSON.parse(JSON.stringify(theirs.status ?? {}).replaceAll('<time>', '2026-11-20T10:00:00Z'));
    const next = { ...ours, metadata, status };
    if (JSON.stringify(next) !== JSON.stringify(ours)) store.put(resource.collection, resource.toStored(next));
  }

  private settle(): void {
    this.open.housekeeping.settle();
  }

  private send(recorded: Recorded, topic: string): ApiResponse {
    const { method, url, accept, contentType, userAgent } = recorded.request;
    const [path = '', query = ''] = this.mapText(url).split('?');
    const headers: Record<string, string | undefined> = {
      accept: accept ?? undefined,
      'content-type': contentType ?? undefined,
      'user-agent': userAgent ?? undefined,
      authorization: this.tokenFor(recorded, topic),
      ...this.extraHeaders(recorded, topic),
    };
    const tagKey = `${path} ${accept ?? ''}`;
    if (recorded.response.status === 304) headers['if-none-match'] = this.tags.get(tagKey);
    const search = new URLSearchParams(query);
    const response = this.open.answer(
      { method, path: decodeURI(path), query: search, headers, body: this.bodyOf(recorded) },
      { headers, certificate: null },
    );
    const tag = response.kind === 'body' ? response.headers?.ETag : undefined;
    if (typeof tag === 'string') this.tags.set(tagKey, tag);
    return response;
  }

  private extraHeaders(recorded: Recorded, topic: string): Record<string, string> {
    const given = recorded.request.headers;
    const headers: Record<string, string> = {};
    if (isObject(given)) for (const [key, value] of Object.entries(given)) headers[key.toLowerCase()] = String(value);
    if (
      topic === 'auth' &&
      recorded.response.status === 403 &&
      JSON.stringify(recorded.response.body).includes('nobody')
    ) {
      headers['impersonate-user'] = 'nobody';
    }
    return headers;
  }

  /** Tokens are not in the recordings; whose they were shows in the answers. */
  private tokenFor(recorded: Recorded, topic: string): string | undefined {
    const { body } = recorded.response;
    const text =
      isObject(body) && typeof body.base64 === 'string'
        ? JSON.stringify(Buffer.from(body.base64, 'base64').toString('latin1'))
        : JSON.stringify(body ?? '');
    if (recorded.response.status === 401) return 'Bearer wrong';
    if (text.includes('system:anonymous')) return undefined;
    if (topic === 'rbac' && this.isPat(text)) return 'Bearer shoptoken';
    return 'Bearer admin';
  }

  private isPat(text: string): boolean {
    return text.includes('\\"pat\\"');
  }

  private bodyOf({ request, response }: Recorded): Uint8Array {
    const { body } = request;
    if (body === undefined || body === null) return new Uint8Array();
    if (isObject(body) && typeof body.base64 === 'string') return Buffer.from(body.base64, 'base64');
    if (typeof body === 'string') {
      const left = /^<(\d+) bytes left out>$/.exec(body);
      return left === null ? Buffer.from(this.mapText(body)) : largeBody(Number(left[1]));
    }
    const isBogus = /uid/i.test(JSON.stringify(isObject(response.body) ? (response.body.message ?? '') : ''));
    const mapped = this.mapBody(body, request.url, isBogus);
    return Buffer.from(JSON.stringify(mapped));
  }

  private mapBody(value: unknown, url: string, isBogus: boolean): unknown {
    if (Array.isArray(value)) return value.map((item) => this.mapBody(item, url, isBogus));
    if (typeof value === 'string')
      return value === '<time>' ? '2026-11-20T10:00:00Z' : value.replaceAll('<time>', '2026-11-20T10:00:00Z');
    if (!isObject(value)) return value;
    const result: Record<string, unknown> = {};
    if (value.path === '/metadata/resourceVersion')
      return { ...value, value: this.revisions.get(String(value.value)) ?? value.value };
    for (const [key, item] of Object.entries(value)) {
      if (key === 'resourceVersion' && typeof item === 'string') result[key] = this.revisions.get(item) ?? item;
      else if (key === 'uid' && item === '<uid>') result[key] = isBogus ? NOBODY : this.uidFor(value, url);
      else result[key] = this.mapBody(item, url, isBogus);
    }
    return result;
  }

  /** The identity that a client knew: of the named owner, or of the object that the URL names. */
  private uidFor(value: Record<string, unknown>, url: string): string {
    const parts = url.split('?')[0]!.split('/');
    const at = parts.indexOf('namespaces');
    const namespace = at >= 0 ? (parts[at + 1] ?? '') : '';
    const name = typeof value.name === 'string' ? value.name : (parts.at(-1) ?? '');
    for (const { collection } of this.open.hub.registry.collections()) {
      if (typeof value.kind !== 'string' && !url.includes(`/${collection.split('/')[1]}`)) continue;
      for (const scope of [namespace, '']) {
        const found = this.open.hub.store.get(collection, scope, name);
        if (found !== null && (typeof value.kind !== 'string' || found.kind === value.kind))
          return found.metadata.uid ?? NOBODY;
      }
    }
    return NOBODY;
  }

  private mapText(text: string): string {
    return text
      .replaceAll(
        /(resourceVersion=)(\d+)/g,
        (_all, key: string, revision: string) =>
          `${key}${this.seen.get(revision) ?? this.revisions.get(revision) ?? revision}`,
      )
      .replaceAll(
        /(continue=)([\w-]+)/g,
        (_all, key: string, token: string) => `${key}${this.tokens.get(token) ?? token}`,
      )
      .replaceAll('<uid>', NOBODY);
  }

  /** Which of our revisions stands for which recorded one. */
  private learn({ response }: Recorded, ours: ApiResponse): void {
    if (ours.kind !== 'body') return;
    let value: unknown;
    try {
      value = JSON.parse(String(ours.body));
    } catch {
      return;
    }
    const visit = (theirs: unknown, own: unknown) => {
      if (Array.isArray(theirs) && Array.isArray(own)) {
        for (const item of theirs) {
          const name = nameOf(item);
          const same = own.find((one) => nameOf(one) === name);
          if (name !== null && same !== undefined) visit(item, same);
        }
        return;
      }
      if (!isObject(theirs) || !isObject(own)) return;
      for (const [key, item] of Object.entries(theirs)) {
        if (key === 'resourceVersion' && typeof item === 'string' && typeof own[key] === 'string')
          this.revisions.set(item, own[key]);
        else if (key === 'continue' && typeof item === 'string' && typeof own[key] === 'string')
          this.tokens.set(item, own[key]);
        else visit(item, own[key]);
      }
    };
    visit(response.body, value);
  }

  private compare({ response }: Recorded, ours: ApiResponse): string[] {
    if (ours.kind !== 'body') return ['a watch answers where none was recorded'];
    const found: string[] = [];
    if (ours.status !== response.status)
      found.push(`status: ${response.status} became ${ours.status} ${String(ours.body).slice(0, 400)}`);
    const theirs = bodyOf(response);
    if (theirs === undefined || theirs === null || theirs === '') {
      if (response.events !== undefined && response.status < 400) found.push('events: a watch became a plain answer');
      return found;
    }
    if (isObject(theirs) && 'base64' in theirs) return found;
    if (ours.status !== response.status) return found;
    const warning = response.warning === undefined ? [] : [response.warning].flat();
    const told = [ours.headers?.Warning ?? []].flat();
    if (JSON.stringify(warning) !== JSON.stringify(told))
      found.push(`warning: ${JSON.stringify(warning)} became ${JSON.stringify(told)}`);
    if (typeof theirs === 'string') {
      if (/bytes left out>$/.test(theirs)) return found;
      const own = String(ours.body);
      if (response.contentType === 'application/yaml') {
        compareValues(
          withoutForeign(JSON.parse(yamlCodec.toJson(theirs))),
          withoutForeign(JSON.parse(yamlCodec.toJson(own))),
          '',
          found,
        );
        return found;
      }
      if (tidyText(theirs) !== tidyText(own)) found.push(`body: ${theirs.slice(0, 200)} became ${own.slice(0, 200)}`);
      return found;
    }
    let value: unknown;
    try {
      value = JSON.parse(String(ours.body));
    } catch {
      return [...found, `body: no JSON: ${String(ours.body).slice(0, 100)}`];
    }
    compareValues(withoutForeign(unordered(theirs)), withoutForeign(unordered(value)), '', found);
    return found;
  }

  private isAllowed(topic: string, what: string, problem: string): boolean {
    return this.allowed.some(
      ({ request, at, topics }) =>
        request.test(what) &&
        (at === undefined || at.test(problem)) &&
        (topics === undefined || topics.includes(topic)),
    );
  }
}

/** Lines stand in the order in which answers ended; numbers tell the beginnings, and start anew in each section. */
function inOrderOfBeginning(lines: readonly Recorded[]): { recorded: Recorded; at: number }[] {
  const ordered: { recorded: Recorded; at: number }[] = [];
  let section: { recorded: Recorded; at: number }[] = [];
  const flush = () => {
    ordered.push(...section.sort((a, b) => a.recorded.seq - b.recorded.seq));
    section = [];
  };
  for (const [at, recorded] of lines.entries()) {
    if (section.some((one) => one.recorded.seq === recorded.seq)) flush();
    section.push({ recorded, at });
  }
  flush();
  return ordered;
}

/** An answer of several lines was recorded as if each were an event. */
function bodyOf({ body, events }: Recorded['response']): unknown {
  if (events === undefined || events.length === 0 || !events.every((line) => typeof line === 'string')) return body;
  return JSON.parse(events.join('\n').replaceAll(/"<(uid|time)>"/g, '"<$1>"'));
}

/** The recorded server tells the problems of custom resources in no fixed order; ours is that of the object. */
function unordered(value: unknown): unknown {
  if (!isObject(value) || value.reason !== 'Invalid' || !isObject(value.details)) return value;
  const { causes, group } = value.details;
  if (!Array.isArray(causes) || !String(group).endsWith('.example.com')) return value;
  const sorted = causes.map((cause) => JSON.stringify(cause, ['reason', 'message', 'field'])).sort();
  return {
    ...value,
    message: '',
    details: { ...value.details, causes: sorted.map((text) => JSON.parse(text) as unknown) },
  };
}

function largeBody(bytes: number): Uint8Array {
  const make = (name: string, head: string, tail: string) => {
    const frame = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"${head}`;
    return Buffer.from(`${frame}${'x'.repeat(Math.max(bytes - frame.length - tail.length, 0))}${tail}`);
  };
  if (bytes < 500_000) return make('noted', ',"annotations":{"a":"', '"}}}');
  return make(bytes < 2_000_000 ? 'large' : 'huge', '},"data":{"a":"', '"}}');
}
