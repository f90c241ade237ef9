// The roles and bindings that every cluster begins with.
import type { KubeObject } from '../../../engine/index.ts';
import { AGENTS, NEWCOMERS } from '../agents/agent-names.ts';
import { ADMIN } from './rbac.ts';

const RBAC = 'rbac.authorization.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

interface RuleText {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const CONTENT: readonly RuleText[] = [
  {
    verbs: READ,
    apiGroups: [''],
    resources: [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
      'bindings',
      'events',
      'limitranges',
      'namespaces/status',
      'pods/log',
      'pods/status',
      'resourcequotas',
      'resourcequotas/status',
      'namespaces',
    ],
  },
  { verbs: READ, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  {
    verbs: READ,
    apiGroups: ['apps'],
    resources: [
      'controllerrevisions',
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  },
  { verbs: READ, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { verbs: READ, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { verbs: READ, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
  { verbs: READ, apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
];

const EDITS: readonly RuleText[] = [
  { verbs: [...READ, ...WRITE], apiGroups: [''], resources: ['secrets'] },
  ...CONTENT.map((rule) => ({
    ...rule,
    verbs: WRITE,
    resources: (rule.resources ?? []).filter(
      (one) => !/namespaces|bindings|limitranges|resourcequotas|status|log/.test(one),
    ),
  })),
];

const ROLES: Readonly<Record<string, readonly RuleText[]>> = {
  'cluster-admin': [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  admin: [
    ...CONTENT,
    ...EDITS,
    { verbs: [...READ, ...WRITE], apiGroups: [RBAC], resources: ['rolebindings', 'roles'] },
    { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
  ],
  edit: [...CONTENT, ...EDITS],
  view: CONTENT,
  'system:basic-user': [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ],
  'system:discovery': [
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
  ],
  'system:public-info-viewer': [
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
  ],
  'system:karmada:cluster-bootstrapper': [
    { verbs: ['create', 'get'], apiGroups: [CERTIFICATES], resources: ['certificatesigningrequests'] },
  ],
  'system:karmada:certificatesigningrequest:autoapprover': [
    { verbs: ['create'], apiGroups: [CERTIFICATES], resources: ['certificatesigningrequests/clusteragent'] },
  ],
  'system:karmada:certificatesigningrequest:selfautoapprover': [
    { verbs: ['create'], apiGroups: [CERTIFICATES], resources: ['certificatesigningrequests/selfclusteragent'] },
  ],
  // Members are told of those alone whom a role lets in by name.
  'cluster-proxy-admin': [{ verbs: ['*'], apiGroups: ['cluster.karmada.io'], resources: ['clusters/proxy'] }],
  'system:service-account-issuer-discovery': [
    { verbs: ['get'], nonResourceURLs: ['/.well-known/openid-configuration', '/openid/v1/jwks'] },
  ],
};

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:karmada:cluster-bootstrapper': [NEWCOMERS],
  'system:karmada:certificatesigningrequest:autoapprover': [NEWCOMERS],
  'system:karmada:certificatesigningrequest:selfautoapprover': [AGENTS],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
};

const USERS: Readonly<Record<string, readonly string[]>> = { 'cluster-proxy-admin': [ADMIN] };

export function bootstrapRoles(): { readonly roles: readonly KubeObject[]; readonly bindings: readonly KubeObject[] } {
  const roles = Object.entries(ROLES).map(([name, rules]) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels: LABELS, annotations: ANNOTATIONS },
    rules: rules.map((rule) => ({ ...rule })),
  }));
  const bindings = [...bound(GROUPS, 'Group'), ...bound(USERS, 'User')];
  return { roles, bindings };
}

const bound = (table: Readonly<Record<string, readonly string[]>>, kind: 'Group' | 'User'): readonly KubeObject[] =>
  Object.entries(table).map(([name, subjects]) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: LABELS, annotations: ANNOTATIONS },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: subjects.map((subject) => ({ apiGroup: RBAC, kind, name: subject })),
  }));
