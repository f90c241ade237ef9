import { describe, expect, it } from 'vitest';
import { builtins } from '../resources/builtin.ts';
import { decodeEnvelope } from './envelope.ts';
import { type Field, fieldNumbers } from './field-numbers.ts';

type Part = readonly [number: number, value: string | number | boolean | readonly Part[] | Uint8Array];

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
};

function encode(parts: readonly Part[]): number[] {
  return parts.flatMap(([number, value]) => {
    if (typeof value === 'number') return [...varint(number << 3), ...varint(value)];
    if (typeof value === 'boolean') return [...varint(number << 3), value ? 1 : 0];
    const bytes =
      typeof value === 'string'
        ? [...new TextEncoder().encode(value)]
        : value instanceof Uint8Array
          ? [...value]
          : encode(value as readonly Part[]);
    return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
  });
}

const envelope = (apiVersion: string, kind: string, parts: readonly Part[]): Uint8Array =>
  Uint8Array.from([
    ...[0x6b, 0x38, 0x73, 0x00],
    ...encode([
      [
        1,
        [
          [1, apiVersion],
          [2, kind],
        ],
      ],
      [2, parts],
    ]),
  ]);

const text = (value: string) => new TextEncoder().encode(value);

describe('a body in Protobuf', () => {
  it('keeps everything of a Deployment as Go clients write it', () => {
    const probe: Part[] = [
      [
        1,
        [
          [
            2,
            [
              [1, '/ready'],
              [
                2,
                [
                  [1, 0],
                  [2, 8080],
                ],
              ],
              [4, 'HTTP'],
            ],
          ],
        ],
      ],
      [2, 5],
      [6, 3],
    ];
    const resources: Part[] = [
      [
        2,
        [
          [1, 'cpu'],
          [2, [[1, '250m']]],
        ],
      ],
    ];
    const container: Part[] = [
      [1, 'web'],
      [2, 'web:1'],
      [8, resources],
      [10, probe],
      [22, probe],
    ];
    const terms: Part[] = [
      [
        1,
        [
          [1, 'zone'],
          [2, 'In'],
          [3, 'a'],
          [3, 'b'],
        ],
      ],
    ];
    const affinity: Part[] = [[1, [[1, [[1, terms]]]]]];
    const spread: Part[] = [
      [1, 1],
      [2, 'zone'],
      [3, 'DoNotSchedule'],
    ];
    const volume: Part[] = [
      [1, 'data'],
      [
        2,
        [
          [
            26,
            [
              [1, [[3, [[1, [[1, 'settings']]]]]]],
              [2, 420],
            ],
          ],
        ],
      ],
    ];
    const pod: Part[] = [
      [1, volume],
      [2, container],
      [18, affinity],
      [33, spread],
      [37, [[1, [[2, false]]]]],
    ];
    const metadata: Part[] = [
      [1, 'web'],
      [3, 'shop'],
      [8, []],
      [
        11,
        [
          [1, 'a'],
          [2, 'b'],
        ],
      ],
    ];
    const spec: Part[] = [
      [1, 3],
      [
        2,
        [
          [
            1,
            [
              [1, 'app'],
              [2, 'web'],
            ],
          ],
        ],
      ],
      [3, [[2, pod]]],
      [
        4,
        [
          [
            2,
            [
              [
                1,
                [
                  [1, 1],
                  [3, '25%'],
                ],
              ],
            ],
          ],
        ],
      ],
    ];
    const read = decodeEnvelope(
      envelope('apps/v1', 'Deployment', [
        [1, metadata],
        [2, spec],
      ]),
    );
    const webProbe = {
      httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' },
      initialDelaySeconds: 5,
      failureThreshold: 3,
    };
    expect(read).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        strategy: { rollingUpdate: { maxUnavailable: '25%' } },
        template: {
          spec: {
            volumes: [{ name: 'data', projected: { defaultMode: 420 } }],
            containers: [
              {
                name: 'web',
                image: 'web:1',
                resources: { requests: { cpu: '250m' } },
                livenessProbe: webProbe,
                startupProbe: webProbe,
              },
            ],
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }],
                },
              },
            },
            topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
          },
        },
      },
    });
  });

  it('reads what travels as bytes, times, extra values and JSON', () => {
    const request = text('-----BEGIN');
    const metadata: Part[] = [
      [1, 'a'],
      [
        17,
        [
          [1, 'kubectl'],
          [7, [[1, '{"f:spec":{}}']]],
        ],
      ],
    ];
    const spec: Part[] = [
      [1, request],
      [5, 'client auth'],
      [
        6,
        [
          [1, 'scopes'],
          [
            2,
            [
              [1, 'x'],
              [1, 'y'],
            ],
          ],
        ],
      ],
      [7, 'example.com/a'],
      [8, 600],
    ];
    const approved: Part[] = [
      [1, 'Approved'],
      [6, 'True'],
      [4, [[1, 1_767_225_600]]],
    ];
    expect(
      decodeEnvelope(
        envelope('certificates.k8s.io/v1', 'CertificateSigningRequest', [
          [1, metadata],
          [2, spec],
          [3, [[1, approved]]],
        ]),
      ),
    ).toMatchObject({
      metadata: { managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }] },
      spec: {
        request: Buffer.from(request).toString('base64'),
        usages: ['client auth'],
        extra: { scopes: ['x', 'y'] },
        signerName: 'example.com/a',
        expirationSeconds: 600,
      },
      status: { conditions: [{ type: 'Approved', status: 'True', lastUpdateTime: '2026-01-01T00:00:00Z' }] },
    });
    const lease = decodeEnvelope(
      envelope('coordination.k8s.io/v1', 'Lease', [
        [
          2,
          [
            [1, 'me'],
            [2, 15],
            [
              4,
              [
                [1, 1_767_225_600],
                [2, 123_000_000],
              ],
            ],
          ],
        ],
      ]),
    );
    expect(lease).toMatchObject({ spec: { holderIdentity: 'me', renewTime: '2026-01-01T00:00:00.123000Z' } });
  });

  it('refuses what it would have to drop', () => {
    const message = (parts: readonly Part[]) => () => decodeEnvelope(envelope('v1', 'ConfigMap', parts));
    expect(message([[99, 'new']])).toThrow('field 99 of ConfigMap cannot be read in Protobuf: send it as JSON');
    expect(message([[1, 5]])).toThrow('a message is expected');
    expect(() => decodeEnvelope(envelope('x.example.com/v1', 'Thing', []))).toThrow(
      'Thing in x.example.com/v1 cannot be read',
    );
    expect(() => decodeEnvelope(text('{}'))).toThrow('does not begin');
  });

  it('reads numbers that are packed', () => {
    const groups = Uint8Array.from([...varint(1000), ...varint(3)]);
    const read = decodeEnvelope(
      envelope('v1', 'Pod', [
        [
          2,
          [
            [
              14,
              [
                [4, groups],
                [4, 7],
              ],
            ],
          ],
        ],
      ]),
    );
    expect(read).toMatchObject({ spec: { securityContext: { supplementalGroups: [1000, 3, 7] } } });
  });
});

/** Fields that clients of this age do not send yet. */
const NEWER = new Set([
  'Container.restartPolicyRules',
  'ContainerStatus.stopSignal',
  'CSIDriverSpec.nodeAllocatableUpdatePeriodSeconds',
  'DeploymentStatus.terminatingReplicas',
  'EndpointHints.forNodes',
  'EnvVarSource.fileKeyRef',
  'EphemeralContainer.restartPolicyRules',
  'HPAScalingRules.tolerance',
  'Lifecycle.stopSignal',
  'NodeSystemInfo.swap',
  'PodCondition.observedGeneration',
  'PodSpec.hostnameOverride',
  'PodStatus.extendedResourceClaimStatus',
  'PodStatus.observedGeneration',
  'ReplicaSetStatus.terminatingReplicas',
  'VolumeError.errorCode',
  'VolumeProjection.podCertificate',
]);

describe('the field numbers', () => {
  const named = (groupVersion: string, fields: Iterable<Field>): string[] =>
    [...fields].flatMap((field) =>
      field.sort === 'own' ? [field.name] : named(groupVersion, fieldNumbers(groupVersion, field.type)!.values()),
    );

  it('name every field of every type once, but for the newest', () => {
    const missing: string[] = [];
    for (const [groupVersion, table] of builtins().types) {
      for (const [type, { properties = {} }] of table) {
        const numbers = fieldNumbers(groupVersion, type);
        if (numbers === null) continue;
        const names = named(groupVersion, numbers.values());
        expect(new Set(names).size, `${groupVersion} ${type}`).toBe(names.length);
        for (const name of names) expect(Object.keys(properties), `${groupVersion} ${type}`).toContain(name);
        const without = Object.keys(properties).filter((name) => !names.includes(name));
        missing.push(
          ...without.filter((name) => name !== 'apiVersion' && name !== 'kind').map((name) => `${type}.${name}`),
        );
      }
    }
    expect(new Set(missing)).toEqual(NEWER);
  });
});
