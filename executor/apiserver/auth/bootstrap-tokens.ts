// Bootstrap tokens: short secrets with which a cluster that nobody knows yet may ask to be let in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Change, isObject, type KubeObject } from '../../../engine/index.ts';
import { attempt, CONTROLLER, type Keeper, SYSTEM_USER } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { updateObject } from '../objects/write.ts';
import type { UserInfo } from '../request.ts';
import { CLUSTER_INFO, closeClusterInfo, type Discovery, furnishClusterInfo, PUBLIC_SPACE } from './cluster-info.ts';

const SECRETS = '/secrets';
const CONFIG_MAPS = '/configmaps';
const NAMESPACE = 'kube-system';
const TYPE = 'bootstrap.kubernetes.io/token';
const PREFIX = 'bootstrap-token-';
const SIGNATURE = 'jws-kubeconfig-';
const GROUP = 'system:bootstrappers';
const EXTRA_GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
  readonly groups: readonly string[];
  readonly mayAuthenticate: boolean;
  readonly maySign: boolean;
}

/** What a secret says of a token, unless it is none or too old. */
function readToken(object: KubeObject | null, now: number): BootstrapToken | null {
  if (object === null || object.type !== TYPE || object.metadata.deletionTimestamp !== undefined) return null;
  const data = isObject(object.data) ? object.data : {};
  const text = (key: string): string => Buffer.from(String(data[key] ?? ''), 'base64').toString('utf8');
  const id = text('token-id');
  const secret = text('token-secret');
  const extra = text('auth-extra-groups');
  const groups = extra === '' ? [] : extra.split(',').map((group) => group.trim());
  const isWhole = TOKEN.test(`${id}.${secret}`) && object.metadata.name === `${PREFIX}${id}`;
  if (!isWhole || isExpired(object, now) || groups.some((group) => !EXTRA_GROUP.test(group))) return null;
  return {
    id,
    secret,
    groups: [GROUP, ...groups],
    mayAuthenticate: text('usage-bootstrap-authentication') === 'true',
    maySign: text('usage-bootstrap-signing') === 'true',
  };
}

/** An end that cannot be read counts as reached. */
function isExpired({ data }: KubeObject, now: number): boolean {
  const end = isObject(data) ? data.expiration : undefined;
  if (end === undefined || end === '') return false;
  const at = Date.parse(Buffer.from(String(end), 'base64').toString('utf8'));
  return Number.isNaN(at) || at <= now;
}

/** Who a bootstrap token speaks for; null for any other token. */
export function bootstrapUser(hub: Hub, token: string): UserInfo | null {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  if (id === undefined || secret === undefined) return null;
  const known = readToken(hub.store.get(SECRETS, NAMESPACE, `${PREFIX}${id}`), hub.now());
  if (known === null || !known.mayAuthenticate) return null;
  if (!timingSafeEqual(Buffer.from(known.secret), Buffer.from(secret))) return null;
  return { name: `system:bootstrap:${id}`, uid: '', groups: known.groups, extra: {} };
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** A signature that leaves out what it signs: whoever has the token can tell that the content is the hub's. */
function signatureOf(content: string, { id, secret }: BootstrapToken): string {
  const head = encode(JSON.stringify({ alg: 'HS256', kid: id }));
  const signed = createHmac('sha256', `${id}.${secret}`)
    .update(`${head}.${encode(content)}`)
    .digest('base64url');
  return `${head}..${signed}`;
}

/** Signs what is told to newcomers with every token that may sign, and removes tokens that are too old. */
export class BootstrapKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly discovery: Discovery;
  private isDue = true;

  constructor(hub: Hub, discovery: Discovery) {
    this.hub = hub;
    this.discovery = discovery;
  }

  notice({ collection, object }: Change): void {
    const isToken = collection === SECRETS && object.type === TYPE;
    const isInfo = collection === CONFIG_MAPS && object.metadata.name === CLUSTER_INFO;
    if (isToken || isInfo) this.isDue = true;
  }

  work(): boolean {
    if (!this.isDue) return false;
    this.isDue = false;
    const isWanted = this.signers().length > 0;
    const hasChanged = attempt(() =>
      isWanted ? furnishClusterInfo(this.hub, this.discovery) : closeClusterInfo(this.hub),
    );
    return attempt(() => this.sign()) || hasChanged;
  }

  forgetExpired(): void {
    for (const secret of this.hub.store.list(SECRETS, NAMESPACE)) {
      if (secret.type !== TYPE || !isExpired(secret, this.hub.now())) continue;
      this.hub.store.remove(SECRETS, NAMESPACE, secret.metadata.name);
    }
  }

  private signers(): readonly BootstrapToken[] {
    return this.hub.store.list(SECRETS, NAMESPACE).flatMap((secret) => {
      const token = readToken(secret, this.hub.now());
      return token?.maySign === true ? [token] : [];
    });
  }

  private sign(): boolean {
    const { hub } = this;
    const info = hub.store.get(CONFIG_MAPS, PUBLIC_SPACE, CLUSTER_INFO);
    const data = info !== null && isObject(info.data) ? info.data : null;
    if (info === null || typeof data?.kubeconfig !== 'string') return false;
    const content = data.kubeconfig;
    const kept = Object.entries(data).filter(([key]) => !key.startsWith(SIGNATURE));
    const signed = this.signers().map((token) => [`${SIGNATURE}${token.id}`, signatureOf(content, token)] as const);
    const wanted = Object.fromEntries([...kept, ...signed]);
    const isSame =
      Object.keys(wanted).length === Object.keys(data).length &&
      Object.entries(wanted).every(([key, value]) => data[key] === value);
    if (isSame) return false;
    const resource = hub.registry.find('', 'v1', 'configmaps')!;
    const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: 'v1', subresource: '' };
    updateObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, { ...info, data: wanted }, info, '');
    return true;
  }
}
