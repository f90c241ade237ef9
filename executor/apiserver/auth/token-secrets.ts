// Secrets that hold a service account's token for as long as they are there, as tools of before TokenRequests ask for.
import { type Change, isObject, type KubeObject } from '../../../engine/index.ts';
import { attempt, CONTROLLER, type Keeper, SYSTEM_USER } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { updateObject } from '../objects/write.ts';
import type { ServiceTokens } from './service-tokens.ts';

const SECRETS = '/secrets';
const ACCOUNTS = '/serviceaccounts';
const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

const isTokenSecret = (object: KubeObject): boolean => object.type === TYPE;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export class TokenSecretKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly tokens: ServiceTokens;
  private readonly rootCertificate: string | null;
  private readonly due = new Set<string>();

  constructor(hub: Hub, tokens: ServiceTokens, rootCertificate: string | null) {
    this.hub = hub;
    this.tokens = tokens;
    this.rootCertificate = rootCertificate;
  }

  notice({ collection, object, type }: Change): void {
    const isSecret = collection === SECRETS && type !== 'DELETED' && isTokenSecret(object);
    if (isSecret || collection === ACCOUNTS) this.due.add(object.metadata.namespace ?? '');
  }

  work(): boolean {
    const namespaces = [...this.due].sort();
    this.due.clear();
    let worked = false;
    for (const namespace of namespaces) {
      for (const secret of this.hub.store.list(SECRETS, namespace).filter(isTokenSecret)) {
        worked = attempt(() => this.tend(secret)) || worked;
      }
    }
    return worked;
  }

  /** A secret lives as long as its account; one that is ahead of its account waits for it. */
  private tend(secret: KubeObject): boolean {
    const { name, namespace = '', annotations = {}, uid = '' } = secret.metadata;
    const account = this.hub.store.get(ACCOUNTS, namespace, annotations[NAME] ?? '');
    const known = annotations[UID];
    if (known !== undefined && account?.metadata.uid !== known) {
      return this.hub.store.remove(SECRETS, namespace, name) !== null;
    }
    if (account === null) return false;
    const data = isObject(secret.data) ? secret.data : {};
    const missing: Record<string, string> = {};
    if (data.token === undefined) {
      const { name: accountName, uid: accountUid = '' } = account.metadata;
      missing.token = base64(
        this.tokens.issueFor(this.hub, { namespace, name: accountName, uid: accountUid }, { name, uid }),
      );
    }
    if (data.namespace === undefined) missing.namespace = base64(namespace);
    if (data['ca.crt'] === undefined && this.rootCertificate !== null) missing['ca.crt'] = base64(this.rootCertificate);
    if (known !== undefined && Object.keys(missing).length === 0) return false;
    const resource = this.hub.registry.find('', 'v1', 'secrets')!;
    const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: 'v1', subresource: '' };
    const metadata = { ...secret.metadata, annotations: { ...annotations, [UID]: account.metadata.uid ?? '' } };
    const next = { ...secret, metadata, data: { ...data, ...missing } };
    updateObject({ hub: this.hub, resource, user: SYSTEM_USER, by, dryRun: false }, next, secret, '');
    return true;
  }
}
