// Where our server is meant to answer differently from the recorded one, and why.
import { isObject } from '../../engine/index.ts';

export interface Difference {
  readonly reason: string;
  /** The request: method and URL. */
  readonly request: RegExp;
  /** The place and kind of the difference within the answer; everything where it is left out. */
  readonly at?: RegExp;
  readonly topics?: readonly string[];
}

const WORKLOADS =
  /\/(deployments|statefulsets|daemonsets|replicasets|jobs|cronjobs|pods|horizontalpodautoscalers|poddisruptionbudgets)\b/;

export const differences: readonly Difference[] = [
  {
    reason: 'the server names its own version and platform',
    request: /^GET \/version/,
    at: /^\.(gitVersion|goVersion|compiler|platform|buildDate)/,
  },
  {
    reason: 'a hub runs no workload controllers: their statuses, annotations and ownership stay out',
    request: WORKLOADS,
    at: /\.status\b|deployment\.kubernetes\.io\/|managedFields\((kube-controller-manager|kube-scheduler|hollow-kubelet|kubelet)\/|\.cells\[|\.annotations: \{"deployment\.kubernetes/,
  },
  {
    reason: 'what workload controllers make (replica sets, pods, events, endpoints, revisions) is not there',
    request: /\/(replicasets|pods|events|endpoints|endpointslices|controllerrevisions|nodes)\b/,
    at: /^\.(items|rows|events|status|metadata)|^status: (200|201|204|409|429|500) became 404|^status: 200 became 404/,
    topics: [
      'create',
      'list',
      'delete',
      'wait',
      'rollout',
      'selectors',
      'defaults',
      'gc',
      'lists',
      'subresources',
      'limits',
      'explain',
      'status-generation',
    ],
  },
  {
    reason: 'what a hub does itself after a request is done before the next one; the recorded server took its time',
    request:
      /namespaces\/shop|\/namespaces\?|deployments|customresourcedefinitions|\/namespaces\/(pier|gate)$|pier\/configmaps\/stays/,
    at: /^status: 200 became 404|^status: 409 became 201|^status: 201 became 409|^\.items: 1 items became 0|^\.events: (MODIFIED|DELETED) .* became $|deletion(Timestamp|GracePeriodSeconds): nothing became|^\.events: ADDED [\w.]+, BOOKMARK,? .* became BOOKMARK$|^events:/,
    topics: ['invalid', 'delete', 'namespace-delete', 'gc', 'namespaces', 'crd', 'crd-more', 'edit-replace'],
  },
  {
    reason: 'bookmarks of workloads carry no replicas: a pointer that is nothing is left out',
    request: /deployments\?.*watch=true/,
    at: /\.object\.spec\.replicas: 0 became nothing/,
  },
  {
    reason: 'health checks are those of this server',
    request: /^GET \/(readyz|livez|healthz)/,
    at: /^body: \[\+\]ping ok/,
  },
  {
    reason: 'the pages are those of this server',
    request: /^GET \/$/,
    at: /^\.paths/,
  },
  {
    reason: 'the authority and its description are our own',
    request: /configmaps/,
    at: /kubernetes\.io\/description|\.data\.(ca\.crt|service-ca)/,
  },
  {
    reason: 'answers are never in Protobuf: who wants nothing else is told so',
    request: /configmaps/,
    at: /^status: 200 became 406/,
    topics: ['lists', 'watch-timed', 'crd-more'],
  },
  {
    reason: 'messages do not quote the data structures of another program, nor the differences between them',
    request: /\/(customresourcedefinitions|jobs\/job|persistentvolumeclaims\/claim|pods\/single)\?fieldManager/,
    at: /message: |causes: /,
    topics: ['immutables', 'crd-more'],
  },
  {
    reason: 'an annotation that the newer API keeps to itself',
    request: /daemonsets/,
    at: /deprecated\.daemonset\.template\.generation/,
  },
  {
    reason:
      'nobody gives pods to nodes here, and their token volumes lack the certificate of the recorded distribution',
    request: /\/pods/,
    at: /\.spec\.(nodeName|volumes|containers\[0\]\.volumeMounts)|\.metadata\.finalizers/,
  },
  {
    reason: 'the quota of the recorded namespace counted an object of its distribution',
    request: /pier\/(configmaps|resourcequotas)/,
    at: /^status: 403 became 201|kube-apiserver\/Update|f:used|cells/,
    topics: ['limits'],
  },
  {
    reason: 'the recorded controllers wrote over the status between two requests',
    request: /deployments\/(gen|ssa)/,
    at: /managedFields\((curl|st)\/(Update|Apply)\/apps\/v1\/(status|scale)\)/,
  },
  {
    reason: 'nobody scales and rolls out while the replay watches',
    request: /deployments\?.*watch=true/,
    at: /^\.events: (ADDED api(, BOOKMARK)?, )?MODIFIED api.* became (ADDED api|$)/,
    topics: ['rollout', 'watch-timed'],
  },
  {
    reason: 'the recording lost the duplicate fields of a body',
    request: /configmaps\?fieldValidation=/,
    at: /duplicate field/,
    topics: ['validation'],
  },
  {
    reason: 'rules are told in the order of their bindings, which is not fixed there',
    request: /selfsubjectrulesreviews/,
    at: /^\.status\.(resource|nonResource)Rules/,
  },
  {
    reason: 'acting for others is one right here, not one for each verb',
    request: /configmaps/,
    at: /cannot impersonate|^\.details\.(kind|name): .*(users|admin)/,
    topics: ['rbac'],
  },
  {
    reason: 'tokens are of chance',
    request: /\/token$/,
    at: /^\.status\.token/,
  },
  {
    reason: 'a namespace that waits for its content says so at once',
    request: /namespaces\/?(pier|gate|dock|shop|\?)/,
    at: /\.status\.conditions|managedFields\(kube-controller-manager|\.spec\.finalizers|^\.events: ADDED dock/,
    topics: ['namespaces', 'namespace-delete'],
  },
  {
    reason: 'evictions of the recorded pod found it running, under a budget that a controller had filled in',
    request: /\/eviction$|\/binding$/,
    topics: ['subresources'],
  },
  {
    reason: 'an empty page token is left out',
    request: /cranes/,
    at: /^\.metadata\.continue: "" became nothing/,
  },
  {
    reason: 'the text of a number is not kept: 2.0 is the whole number 2',
    request: /POST .*cranes$/,
    at: /accessor error: 2 is of the type float64/,
  },
  {
    reason: 'revisions inside Protobuf bodies are those of the recorded world',
    request: /^PUT .*rolebindings\/pat-reads/,
    at: /^status: 200 became 409/,
  },
  {
    reason: 'another writer came between in the recording, and the client tried again',
    request: /deployments\/api/,
    at: /^status: 409 became 200|managedFields\(kubectl(-client-side-apply)?\/(Apply|Update)\/apps\/v1\/\)/,
    topics: ['ssa'],
  },
  {
    reason: 'an empty table says so with an empty list',
    request: /limitranges\?/,
    at: /^\.rows: null became \[\]/,
  },
  {
    reason: 'claims that controllers make for stateful sets are not there',
    request: /persistentvolumeclaims\?/,
    at: /^\.rows: 2 items became 1/,
  },
];

/** Objects of the recorded world that a hub does not have, with the reason. */
export const foreign: readonly { readonly reason: string; readonly is: (item: Record<string, unknown>) => boolean }[] =
  [
    {
      reason: 'made by a controller of the recorded distribution',
      is: (item) => nameOf(item) === 'openshift-service-ca.crt',
    },
    {
      reason: 'the service by which a cluster finds its own API',
      is: (item) => nameOf(item) === 'kubernetes',
    },
    {
      reason: 'kinds for drivers of devices, which no hub has any use for',
      is: (item) => nameOf(item) === 'resource.k8s.io' || item.name === 'resource.k8s.io',
    },
    {
      reason: 'newer than the kinds that are served here',
      is: (item) => /^mutatingadmissionpolic/.test(String(item.resource ?? item.name ?? '')),
    },
  ];

function nameOf(item: Record<string, unknown>): unknown {
  const holder = isObject(item.object) ? item.object : item;
  if (isObject(holder.metadata) && holder.metadata.name !== undefined) return holder.metadata.name;
  const rows = Array.isArray(holder.rows) ? holder.rows : [];
  return isObject(rows[0]) && isObject(rows[0].object) ? nameOf(rows[0].object) : undefined;
}
