// Signs the requests for client certificates that somebody who may has approved.
import { type Change, formatTime, isObject, type KubeObject } from '../../../engine/index.ts';
import { attempt, type Keeper, writeStatus } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { items } from '../resources/cells.ts';
import { DueRequests, hasCondition, SIGNING_REQUESTS, statusOf } from './due-requests.ts';
import { issueClientCertificate, type SigningAuthority } from './issue.ts';
import { readSigningRequest, SigningRequestError } from './signing-request.ts';

const SIGNERS = new Set(['kubernetes.io/kube-apiserver-client', 'kubernetes.io/kube-apiserver-client-kubelet']);
const USAGES = new Set(['client auth', 'digital signature', 'key encipherment']);

const YEAR_MS = 365 * 24 * 3_600_000;
/** Clocks differ. */
const SLACK_MS = 5 * 60_000;
/** Afterwards nobody needs to look at it any more. */
const KEPT_MS = 3_600_000;

export class SigningKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly authority: SigningAuthority;
  private readonly due: DueRequests;

  constructor(hub: Hub, authority: SigningAuthority) {
    this.hub = hub;
    this.authority = authority;
    this.due = new DueRequests(hub.store);
  }

  notice(change: Change): void {
    this.due.notice(change);
  }

  work(): boolean {
    let worked = false;
    for (const request of this.due.take()) {
      if (isWaiting(request)) worked = attempt(() => this.sign(request)) || worked;
    }
    return worked;
  }

  /** Requests that have been answered go after a while. */
  forgetAnswered(): void {
    const before = this.hub.now() - KEPT_MS;
    for (const request of this.hub.store.list(SIGNING_REQUESTS)) {
      const isAnswered = statusOf(request).certificate !== undefined || hasCondition(request, 'Denied', 'Failed');
      const made = Date.parse(request.metadata.creationTimestamp ?? '');
      if (isAnswered && made < before) this.hub.store.remove(SIGNING_REQUESTS, '', request.metadata.name);
    }
  }

  private sign(request: KubeObject): boolean {
    const { hub } = this;
    const resource = hub.registry.find('certificates.k8s.io', 'v1', 'certificatesigningrequests')!;
    const status = statusOf(request);
    try {
      writeStatus(hub, resource, request, { ...status, certificate: this.certificateFor(request) });
    } catch (error) {
      if (!(error instanceof SigningRequestError)) throw error;
      const at = formatTime(hub.now());
      const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: error.message };
      const conditions = [...items(status.conditions), { ...failed, lastUpdateTime: at, lastTransitionTime: at }];
      writeStatus(hub, resource, request, { ...status, conditions });
    }
    return true;
  }

  private certificateFor(request: KubeObject): string {
    const spec = specOf(request);
    const usages = Array.isArray(spec.usages) ? spec.usages.map(String) : [];
    if (!usages.includes('client auth') || usages.some((usage) => !USAGES.has(usage))) {
      throw new SigningRequestError(
        `the usages of a client are ${[...USAGES].join(', ')}, and "client auth" is one of them`,
      );
    }
    const wanted = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds * 1000 : YEAR_MS;
    const now = this.hub.now();
    const validity = { from: now - SLACK_MS, until: now + Math.min(wanted, YEAR_MS) };
    const made = issueClientCertificate(this.authority, readSigningRequest(String(spec.request ?? '')), validity);
    return Buffer.from(made).toString('base64');
  }
}

const specOf = ({ spec }: KubeObject): Record<string, unknown> => (isObject(spec) ? spec : {});

const isWaiting = (request: KubeObject): boolean =>
  SIGNERS.has(String(specOf(request).signerName)) &&
  statusOf(request).certificate === undefined &&
  hasCondition(request, 'Approved') &&
  !hasCondition(request, 'Denied', 'Failed');
