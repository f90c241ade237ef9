// The fields of the storage types, one type an entry, in the notation of ../type-notation.ts.
export const storageTypes = `
CSIDriver: apiVersion string, kind string, metadata ObjectMeta, spec* CSIDriverSpec
CSIDriverSpec: attachRequired bool&, fsGroupPolicy string, nodeAllocatableUpdatePeriodSeconds int64&,
  podInfoOnMount bool&, requiresRepublish bool&, seLinuxMount bool&, storageCapacity bool&,
  tokenRequests [TokenRequest], volumeLifecycleModes [string]
CSINode: apiVersion string, kind string, metadata ObjectMeta, spec* CSINodeSpec
CSINodeDriver: allocatable VolumeNodeResources, name* string, nodeID* string, topologyKeys [string]
CSINodeSpec: drivers* [CSINodeDriver]#name
CSIStorageCapacity: apiVersion string, capacity quantity, kind string, maximumVolumeSize quantity,
  metadata ObjectMeta, nodeTopology LabelSelector!, storageClassName* string
StorageClass: allowVolumeExpansion bool&, allowedTopologies [TopologySelectorTerm], apiVersion string, kind string,
  metadata ObjectMeta, mountOptions [string], parameters {string}, provisioner* string, reclaimPolicy string,
  volumeBindingMode string
TokenRequest: audience* string, expirationSeconds int64&
TopologySelectorLabelRequirement: key* string, values* [string]
TopologySelectorTerm: matchLabelExpressions [TopologySelectorLabelRequirement]
VolumeAttachment: apiVersion string, kind string, metadata ObjectMeta, spec* VolumeAttachmentSpec,
  status VolumeAttachmentStatus^
VolumeAttachmentSource: inlineVolumeSpec PersistentVolumeSpec, persistentVolumeName string
VolumeAttachmentSpec: attacher* string, nodeName* string, source* VolumeAttachmentSource
VolumeAttachmentStatus: attachError VolumeError, attached* bool, attachmentMetadata {string},
  detachError VolumeError
VolumeAttributesClass: apiVersion string, driverName* string, kind string, metadata ObjectMeta,
  parameters {string}
VolumeError: errorCode int32&, message string, time time
VolumeNodeResources: count int32
`;
