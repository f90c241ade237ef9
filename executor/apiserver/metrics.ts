// What the server counts about itself, under the names that dashboards for Kubernetes know.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface ServedRequest {
  readonly verb: string;
  readonly resource: string;
  readonly code: number;
  readonly seconds: number;
}

export class ServerMetrics {
  private readonly registry = new Registry();
  private readonly total: Counter;
  private readonly duration: Histogram;
  private text = '';

  constructor(gauges: {
    readonly watches: () => number;
    readonly revision: () => number;
    readonly isWritable: () => boolean;
  }) {
    const registers = [this.registry];
    this.total = new Counter({
      name: 'apiserver_request_total',
      help: 'Requests answered, by verb, resource and status code.',
      labelNames: ['verb', 'resource', 'code'],
      registers,
    });
    this.duration = new Histogram({
      name: 'apiserver_request_duration_seconds',
      help: 'Seconds from the whole request to the whole answer; watches and followed logs are not counted.',
      labelNames: ['verb', 'resource'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    new Gauge({
      name: 'apiserver_longrunning_requests',
      help: 'Watches and followed logs that are open.',
      registers,
      collect() {
        this.set(gauges.watches());
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Bytes of memory that the process holds.',
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Seconds of processor time that the process has used.',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
    new Gauge({
      name: 'muster_store_revision',
      help: 'The newest revision of the store.',
      registers,
      collect() {
        this.set(gauges.revision());
      },
    });
    new Gauge({
      name: 'muster_store_writable',
      help: 'One while the storage takes writes, zero while it refuses them.',
      registers,
      collect() {
        this.set(gauges.isWritable() ? 1 : 0);
      },
    });
  }

  count({ verb, resource, code, seconds }: ServedRequest): void {
    this.total.inc({ verb, resource, code: String(code) });
    this.duration.observe({ verb, resource }, seconds);
  }

  /** Answers are made without waiting; the text is that of the last refresh. */
  async refresh(): Promise<void> {
    this.text = await this.registry.metrics();
  }

  read(): string {
    return this.text;
  }
}
