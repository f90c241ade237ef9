// The printer columns of the built-in kinds: their names and types as data, and how each row is read off an object.
// It is one piece because it is one table, an entry a kind.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { ageOf, count, items, join, none, read, selectorText } from './cells.ts';
import { podCells } from './pod-cells.ts';
import { signingRequestCells } from './signing-request-cells.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above zero only the wide output shows it. */
  readonly priority: number;
}

export type Cell = string | number | boolean | null;
export type RowReader = (object: KubeObject, now: number) => readonly Cell[];

export interface ColumnSet {
  readonly columns: readonly Column[];
  readonly cells: RowReader;
}

/** "Name Ready Age=string Count=integer Note*": a star for wide only, string unless said otherwise. */
function columns(text: string): Column[] {
  return text.split(' | ').map((entry) => {
    const [, name, star, type] = /^(.+?)(\*?)(?:=(\w+))?$/.exec(entry)!;
    return {
      name: name!,
      type: type ?? 'string',
      format: name === 'Name' && star === '' ? 'name' : '',
      description: describe(name!),
      priority: star === '*' ? 1 : 0,
    };
  });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Name: 'The name of the object, unique among its kind in its namespace.',
  Age: 'How long ago the object was created.',
  'Created At': 'When the object was created.',
};

const describe = (name: string) => DESCRIPTIONS[name] ?? `${name}, as the object tells it.`;

const templateCells = (object: KubeObject): readonly Cell[] => {
  const containers = items(read(object, 'spec.template.spec.containers'));
  return [join(containers.map(({ name }) => name)), join(containers.map(({ image }) => image))];
};

const specSelector = (object: KubeObject) => selectorText(read(object, 'spec.selector'));
const name = (object: KubeObject) => object.metadata.name;

const accessModes = (value: unknown): string => {
  const short: Readonly<Record<string, string>> = {
    ReadWriteOnce: 'RWO',
    ReadOnlyMany: 'ROX',
    ReadWriteMany: 'RWX',
    ReadWriteOncePod: 'RWOP',
  };
  return Array.isArray(value) ? value.map((mode) => short[String(mode)] ?? String(mode)).join(',') : '';
};

function servicePorts(object: KubeObject): string {
  const ports = items(read(object, 'spec.ports')).map(({ port, nodePort, protocol }) =>
    typeof nodePort === 'number' && nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return none(ports.join(','));
}

function externalIp(object: KubeObject): string {
  const ips = read(object, 'spec.externalIPs');
  const given = Array.isArray(ips) ? ips.map(String) : [];
  switch (read(object, 'spec.type')) {
    case 'LoadBalancer': {
      const balancers = items(read(object, 'status.loadBalancer.ingress')).map(({ ip, hostname }) => ip ?? hostname);
      const all = [...balancers, ...given];
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    case 'ExternalName':
      return String(read(object, 'spec.externalName') ?? '<none>');
    default:
      return none(given.join(','));
  }
}

function metricText(metric: Record<string, unknown>): string {
  const resource = isObject(metric.resource) ? metric.resource : {};
  const target = isObject(resource.target) ? resource.target : {};
  if (target.averageUtilization !== undefined) return `${resource.name}: <unknown>/${target.averageUtilization}%`;
  return `${resource.name ?? metric.type}: <unknown>/${target.averageValue ?? target.value ?? '<auto>'}`;
}

function targetsText(object: KubeObject): string {
  const metrics = items(read(object, 'spec.metrics'));
  if (metrics.length === 0) {
    const wanted = read(object, 'spec.targetCPUUtilizationPercentage');
    return wanted === undefined ? '<none>' : `cpu: <unknown>/${wanted}%`;
  }
  return metrics.map(metricText).join(', ');
}

function jobStatus(object: KubeObject): string {
  const conditions = items(read(object, 'status.conditions')).filter(({ status }) => status === 'True');
  const has = (type: string) => conditions.some((condition) => condition.type === type);
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet';
  return 'Running';
}

function subjects(object: KubeObject, kind: string): string {
  return items(object.subjects)
    .filter((subject) => subject.kind === kind)
    .map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace ?? ''}/${subject.name}` : String(subject.name)))
    .join(', ');
}

function quotaText(object: KubeObject, limits: boolean): string {
  const hard = read(object, 'status.hard');
  const used = read(object, 'status.used');
  if (!isObject(hard)) return '';
  return Object.keys(hard)
    .filter((key) => key.startsWith('limits.') === limits)
    .sort()
    .map((key) => `${key}: ${isObject(used) ? (used[key] ?? '0') : '0'}/${hard[key]}`)
    .join(', ');
}

function nodeStatus(object: KubeObject): string {
  const ready = items(read(object, 'status.conditions')).find(({ type }) => type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return read(object, 'spec.unschedulable') === true ? `${text},SchedulingDisabled` : text;
}

function nodeRoles(object: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(object.metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return none(
    roles
      .map((key) => key.slice(prefix.length))
      .sort()
      .join(','),
  );
}

const nodeAddress = (object: KubeObject, type: string): string =>
  String(items(read(object, 'status.addresses')).find((address) => address.type === type)?.address ?? '<none>');

function eventCells(object: KubeObject, now: number): readonly Cell[] {
  const involved = isObject(object.involvedObject) ? object.involvedObject : {};
  const source = isObject(object.source) ? object.source : {};
  const last = object.lastTimestamp ?? object.eventTime ?? object.metadata.creationTimestamp;
  const first = object.firstTimestamp ?? object.eventTime ?? object.metadata.creationTimestamp;
  const component = String(source.component ?? object.reportingComponent ?? '');
  const from = source.host === undefined ? component : `${component}, ${source.host}`;
  return [
    ageOf(last, now),
    String(object.type ?? ''),
    String(object.reason ?? ''),
    `${String(involved.kind ?? '').toLowerCase()}/${involved.name ?? ''}`,
    String(involved.fieldPath ?? ''),
    from,
    String(object.message ?? '').trim(),
    ageOf(first, now),
    Number(object.count ?? 1),
    object.metadata.name,
  ];
}

function ingressCells(object: KubeObject, now: number): readonly Cell[] {
  const rules = items(read(object, 'spec.rules'));
  const hosts = rules.map(({ host }) => host).filter((host) => host !== undefined && host !== '');
  const addresses = items(read(object, 'status.loadBalancer.ingress')).map(({ ip, hostname }) => ip ?? hostname);
  return [
    name(object),
    none(read(object, 'spec.ingressClassName')),
    hosts.length === 0 ? '*' : hosts.join(','),
    addresses.join(','),
    items(read(object, 'spec.tls')).length > 0 ? '80, 443' : '80',
    ageOf(object.metadata.creationTimestamp, now),
  ];
}

function define(
  kinds: string,
  header: string,
  cells: (object: KubeObject, age: string, now: number) => readonly Cell[],
) {
  const reader: RowReader = (object, now) => cells(object, ageOf(object.metadata.creationTimestamp, now), now);
  const made = { columns: columns(header), cells: reader };
  return kinds.split(' ').map((kind) => [kind, made] as const);
}

const SETS: ReadonlyMap<string, ColumnSet> = new Map([
  ...define('ConfigMap', 'Name | Data | Age', (object, age) => [
    name(object),
    count(object.data) + count(object.binaryData),
    age,
  ]),
  ...define('Secret', 'Name | Type | Data=string | Age', (object, age) => [
    name(object),
    String(object.type ?? ''),
    count(object.data),
    age,
  ]),
  ...define('Namespace', 'Name | Status | Age', (object, age) => [
    name(object),
    String(read(object, 'status.phase') ?? ''),
    age,
  ]),
  ...define('ServiceAccount', 'Name | Age', (object, age) => [name(object), age]),
  ...define('Service', 'Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector*', (object, age) => [
    name(object),
    String(read(object, 'spec.type') ?? ''),
    none(read(object, 'spec.clusterIP')),
    externalIp(object),
    servicePorts(object),
    age,
    specSelector(object),
  ]),
  ...define(
    'Pod',
    'Name | Ready | Status | Restarts | Age | IP* | Node* | Nominated Node* | Readiness Gates*',
    podCells,
  ),
  ...define(
    'Deployment',
    'Name | Ready | Up-to-date | Available | Age | Containers* | Images* | Selector*',
    (object, age) => [
      name(object),
      `${read(object, 'status.readyReplicas') ?? 0}/${read(object, 'spec.replicas') ?? 0}`,
      Number(read(object, 'status.updatedReplicas') ?? 0),
      Number(read(object, 'status.availableReplicas') ?? 0),
      age,
      ...templateCells(object),
      specSelector(object),
    ],
  ),
  ...define(
    'ReplicaSet ReplicationController',
    'Name | Desired=integer | Current=integer | Ready=integer | Age | Containers* | Images* | Selector*',
    (object, age) => [
      name(object),
      Number(read(object, 'spec.replicas') ?? 0),
      Number(read(object, 'status.replicas') ?? 0),
      Number(read(object, 'status.readyReplicas') ?? 0),
      age,
      ...templateCells(object),
      specSelector(object),
    ],
  ),
  ...define('StatefulSet', 'Name | Ready | Age | Containers* | Images*', (object, age) => [
    name(object),
    `${read(object, 'status.readyReplicas') ?? 0}/${read(object, 'spec.replicas') ?? 0}`,
    age,
    ...templateCells(object),
  ]),
  ...define(
    'DaemonSet',
    'Name | Desired=integer | Current=integer | Ready=integer | Up-to-date=integer | Available=integer | Node Selector | Age | Containers* | Images* | Selector*',
    (object, age) => [
      name(object),
      Number(read(object, 'status.desiredNumberScheduled') ?? 0),
      Number(read(object, 'status.currentNumberScheduled') ?? 0),
      Number(read(object, 'status.numberReady') ?? 0),
      Number(read(object, 'status.updatedNumberScheduled') ?? 0),
      Number(read(object, 'status.numberAvailable') ?? 0),
      selectorText({ matchLabels: read(object, 'spec.template.spec.nodeSelector') }),
      age,
      ...templateCells(object),
      specSelector(object),
    ],
  ),
  ...define(
    'Job',
    'Name | Status | Completions | Duration | Age | Containers* | Images* | Selector*',
    (object, age, now) => {
      const started = read(object, 'status.startTime');
      const ended = read(object, 'status.completionTime');
      const completions = read(object, 'spec.completions');
      const parallelism = Number(read(object, 'spec.parallelism') ?? 0);
      const done = Number(read(object, 'status.succeeded') ?? 0);
      return [
        name(object),
        jobStatus(object),
        completions !== undefined
          ? `${done}/${completions}`
          : parallelism > 1
            ? `${done}/1 of ${parallelism}`
            : `${done}/1`,
        started === undefined ? '' : ageOf(started, typeof ended === 'string' ? Date.parse(ended) : now),
        age,
        ...templateCells(object),
        specSelector(object),
      ];
    },
  ),
  ...define(
    'CronJob',
    'Name | Schedule | Timezone | Suspend=boolean | Active=integer | Last Schedule | Age | Containers* | Images* | Selector*',
    (object, age, now) => {
      const containers = items(read(object, 'spec.jobTemplate.spec.template.spec.containers'));
      const last = read(object, 'status.lastScheduleTime');
      return [
        name(object),
        String(read(object, 'spec.schedule') ?? ''),
        none(read(object, 'spec.timeZone')),
        read(object, 'spec.suspend') === true ? 'True' : 'False',
        items(read(object, 'status.active')).length,
        last === undefined ? '<none>' : ageOf(last, now),
        age,
        join(containers.map((one) => one.name)),
        join(containers.map((one) => one.image)),
        selectorText(read(object, 'spec.jobTemplate.spec.selector')),
      ];
    },
  ),
  ...define(
    'HorizontalPodAutoscaler',
    'Name | Reference | Targets | MinPods | MaxPods | Replicas | Age',
    (object, age) => [
      name(object),
      `${read(object, 'spec.scaleTargetRef.kind')}/${read(object, 'spec.scaleTargetRef.name')}`,
      targetsText(object),
      String(read(object, 'spec.minReplicas') ?? '<unset>'),
      Number(read(object, 'spec.maxReplicas') ?? 0),
      Number(read(object, 'status.currentReplicas') ?? 0),
      age,
    ],
  ),
  ...define('Ingress', 'Name | Class | Hosts | Address | Ports | Age', (object, _age, now) =>
    ingressCells(object, now),
  ),
  ...define('IngressClass', 'Name | Controller | Parameters | Age', (object, age) => [
    name(object),
    String(read(object, 'spec.controller') ?? ''),
    none(read(object, 'spec.parameters.name')),
    age,
  ]),
  ...define('NetworkPolicy', 'Name | Pod-Selector | Age', (object, age) => [
    name(object),
    selectorText(read(object, 'spec.podSelector')),
    age,
  ]),
  ...define(
    'PodDisruptionBudget',
    'Name | Min Available | Max Unavailable | Allowed Disruptions=integer | Age',
    (object, age) => [
      name(object),
      String(read(object, 'spec.minAvailable') ?? 'N/A'),
      String(read(object, 'spec.maxUnavailable') ?? 'N/A'),
      Number(read(object, 'status.disruptionsAllowed') ?? 0),
      age,
    ],
  ),
  ...define(
    'RoleBinding ClusterRoleBinding',
    'Name | Role | Age | Users* | Groups* | ServiceAccounts*',
    (object, age) => [
      name(object),
      `${read(object, 'roleRef.kind')}/${read(object, 'roleRef.name')}`,
      age,
      subjects(object, 'User'),
      subjects(object, 'Group'),
      subjects(object, 'ServiceAccount'),
    ],
  ),
  ...define(
    'CertificateSigningRequest',
    'Name | Age | SignerName | Requestor | RequestedDuration | Condition',
    signingRequestCells,
  ),
  ...define('Lease', 'Name | Holder | Age', (object, age) => [
    name(object),
    String(read(object, 'spec.holderIdentity') ?? ''),
    age,
  ]),
  ...define(
    'PriorityClass',
    'Name | Value=integer | Global-Default=boolean | Age | PreemptionPolicy',
    (object, age) => [
      name(object),
      Number(object.value ?? 0),
      object.globalDefault === true,
      age,
      String(object.preemptionPolicy ?? ''),
    ],
  ),
  ...define(
    'StorageClass',
    'Name | Provisioner | ReclaimPolicy | VolumeBindingMode | AllowVolumeExpansion | Age',
    (object, age) => [
      object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
        ? `${name(object)} (default)`
        : name(object),
      String(object.provisioner ?? ''),
      String(object.reclaimPolicy ?? 'Delete'),
      String(object.volumeBindingMode ?? 'Immediate'),
      object.allowVolumeExpansion === true,
      age,
    ],
  ),
  ...define(
    'PersistentVolumeClaim',
    'Name | Status | Volume | Capacity | Access Modes | StorageClass | VolumeAttributesClass | Age | VolumeMode*',
    (object, age) => [
      name(object),
      object.metadata.deletionTimestamp === undefined ? String(read(object, 'status.phase') ?? '') : 'Terminating',
      String(read(object, 'spec.volumeName') ?? ''),
      String(read(object, 'status.capacity.storage') ?? ''),
      accessModes(read(object, 'status.accessModes')),
      String(read(object, 'spec.storageClassName') ?? ''),
      String(read(object, 'spec.volumeAttributesClassName') ?? '<unset>'),
      age,
      String(read(object, 'spec.volumeMode') ?? '<unset>'),
    ],
  ),
  ...define(
    'PersistentVolume',
    'Name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | VolumeMode*',
    (object, age) => [
      name(object),
      String(read(object, 'spec.capacity.storage') ?? ''),
      accessModes(read(object, 'spec.accessModes')),
      String(read(object, 'spec.persistentVolumeReclaimPolicy') ?? ''),
      object.metadata.deletionTimestamp === undefined ? String(read(object, 'status.phase') ?? '') : 'Terminating',
      read(object, 'spec.claimRef') === undefined
        ? ''
        : `${read(object, 'spec.claimRef.namespace')}/${read(object, 'spec.claimRef.name')}`,
      String(read(object, 'spec.storageClassName') ?? ''),
      String(read(object, 'spec.volumeAttributesClassName') ?? '<unset>'),
      String(read(object, 'status.reason') ?? ''),
      age,
      String(read(object, 'spec.volumeMode') ?? '<unset>'),
    ],
  ),
  ...define('ResourceQuota', 'Name | Request | Limit | Age', (object, age) => [
    name(object),
    quotaText(object, false),
    quotaText(object, true),
    age,
  ]),
  ...define(
    'Node',
    'Name | Status | Roles | Age | Version | Internal-IP* | External-IP* | OS-Image* | Kernel-Version* | Container-Runtime*',
    (object, age) => [
      name(object),
      nodeStatus(object),
      nodeRoles(object),
      age,
      String(read(object, 'status.nodeInfo.kubeletVersion') ?? ''),
      nodeAddress(object, 'InternalIP'),
      nodeAddress(object, 'ExternalIP'),
      String(read(object, 'status.nodeInfo.osImage') || '<unknown>'),
      String(read(object, 'status.nodeInfo.kernelVersion') || '<unknown>'),
      String(read(object, 'status.nodeInfo.containerRuntimeVersion') || '<unknown>'),
    ],
  ),
  ...define('Endpoints', 'Name | Endpoints | Age', (object, age) => {
    const subsets = items(object.subsets);
    const all = subsets.flatMap(({ addresses, ports }) =>
      items(addresses).flatMap(({ ip }) => items(ports).map(({ port }) => `${ip}:${port}`)),
    );
    return [
      name(object),
      none(all.slice(0, 3).join(',')) + (all.length > 3 ? ` + ${all.length - 3} more...` : ''),
      age,
    ];
  }),
  ...define('EndpointSlice', 'Name | AddressType | Ports | Endpoints | Age', (object, age) => [
    name(object),
    String(object.addressType ?? ''),
    items(object.ports)
      .map(({ port }) => String(port ?? '*'))
      .join(',') || '<unset>',
    items(object.endpoints)
      .flatMap(({ addresses }) => (Array.isArray(addresses) ? addresses.map(String) : []))
      .join(',') || '<unset>',
    age,
  ]),
  ...define('APIService', 'Name | Service | Available | Age', (object, age) => {
    const available = items(read(object, 'status.conditions')).find(({ type }) => type === 'Available');
    const service = read(object, 'spec.service');
    return [
      name(object),
      isObject(service) ? `${service.namespace}/${service.name}` : 'Local',
      available === undefined
        ? 'Unknown'
        : available.status === 'True'
          ? 'True'
          : `${available.status} (${available.reason})`,
      age,
    ];
  }),
  ...define(
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    'Name | Webhooks=integer | Age',
    (object, age) => [name(object), items(object.webhooks).length, age],
  ),
  ...define('RuntimeClass', 'Name | Handler | Age', (object, age) => [name(object), String(object.handler ?? ''), age]),
  ...define('ControllerRevision', 'Name | Controller | Revision | Age', (object, age) => {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    return [
      name(object),
      owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.${owner.apiVersion.split('/')[0]}/${owner.name}`,
      Number(object.revision ?? 0),
      age,
    ];
  }),
  ...define('PodTemplate', 'Name | Containers | Images | Pod Labels', (object) => {
    const containers = items(read(object, 'template.spec.containers'));
    return [
      name(object),
      join(containers.map((one) => one.name)),
      join(containers.map((one) => one.image)),
      selectorText({ matchLabels: read(object, 'template.metadata.labels') }),
    ];
  }),
  ...define(
    'Event',
    'Last Seen | Type | Reason | Object | Subobject* | Source* | Message | First Seen* | Count* | Name*',
    (object, _age, now) => eventCells(object, now),
  ),
]);

/** Kinds without columns of their own show their name and when they were made. */
const PLAIN: ColumnSet = {
  columns: columns('Name | Created At=date'),
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? null],
};

const withEventName = (set: ColumnSet): ColumnSet => ({
  ...set,
  columns: set.columns.map((column) => (column.name === 'Name' ? { ...column, format: 'name' } : column)),
});

export function builtinColumns(kind: string): ColumnSet {
  const own = SETS.get(kind) ?? PLAIN;
  return kind === 'Event' ? withEventName(own) : own;
}
