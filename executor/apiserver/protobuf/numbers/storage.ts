// The field numbers of the storage messages, in the notation of ../field-numbers.ts.
export const storageNumbers = `
CSIDriver: metadata, spec
CSIDriverSpec: attachRequired, podInfoOnMount, volumeLifecycleModes, storageCapacity, fsGroupPolicy,
  tokenRequests, requiresRepublish, seLinuxMount
CSINode: metadata, spec
CSINodeDriver: name, nodeID, topologyKeys, allocatable
CSINodeSpec: drivers
CSIStorageCapacity: metadata, nodeTopology, storageClassName, capacity, maximumVolumeSize
StorageClass: metadata, provisioner, parameters, reclaimPolicy, mountOptions, allowVolumeExpansion,
  volumeBindingMode, allowedTopologies
TokenRequest: audience, expirationSeconds
TopologySelectorLabelRequirement: key, values
TopologySelectorTerm: matchLabelExpressions
VolumeAttachment: metadata, spec, status
VolumeAttachmentSource: persistentVolumeName, inlineVolumeSpec
VolumeAttachmentSpec: attacher, source, nodeName
VolumeAttachmentStatus: attached, attachmentMetadata, attachError, detachError
VolumeAttributesClass: metadata, driverName, parameters
VolumeError: time, message
VolumeNodeResources: count
`;
