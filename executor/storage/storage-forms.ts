// How storages are named on command lines.
export const STORAGE_FORMS = 'memory, disk:DIR or etcd:URL';
export const ARCHIVE_FORMS = 'disk:DIR or etcd:URL';
