// The engine's public face: re-exports only. Everything outside `engine/` imports from here.

export { admit, type HubCircumstances } from './api/admission/admit.ts';
export { withoutNulls } from './api/admission/nulls.ts';
export { withPermanentId } from './api/admission/permanent-id.ts';
export { placementShape } from './api/admission/placement.ts';
export { withWorkloadCounts } from './api/admission/workload-counts.ts';
// api
export { federatedHpaSchema } from './api/autoscaling.ts';
export {
  clusterResourceBindingSchema,
  type ResourceBinding,
  type ResourceBindingSpec,
  type ResourceBindingStatus,
  resourceBindingSchema,
  type TargetCluster,
} from './api/binding.ts';
export { type ApiEnablement, type Cluster, clusterSchema, type ResourceModel } from './api/cluster.ts';
export { type AffinityCheck, affinityMismatch, clusterMatches, compileAffinity } from './api/cluster-affinity.ts';
export { cronFederatedHpaSchema } from './api/cron-autoscaling.ts';
export { isProtected, isReleased, WHY_PROTECTED } from './api/deletion-protection.ts';
export type { ResourceInterpreterCustomization } from './api/interpreter-customization.ts';
export {
  CA_BUNDLE_ANNOTATION,
  clusterProfileSchema,
  ocmPlacementDecisionSchema,
  placementDecisionSchema,
} from './api/inventory.ts';
export { builtInApis, builtInCollectionCalled, builtInCollectionOf, COLLECTIONS } from './api/kinds.ts';
export {
  ANNOTATIONS,
  bindingNameOf,
  CLUSTER_NAMESPACE,
  clusterOfExecutionSpace,
  executionSpaceOf,
  FINALIZERS,
  isReservedNamespace,
  LABELS,
  SYSTEM_NAMESPACE,
  safeHash,
  TAINTS,
  workNameOf,
} from './api/names.ts';
export { clusterOverridePolicySchema, type OverridePolicy, overridePolicySchema } from './api/override.ts';
export type { Placement } from './api/placement.ts';
export { clusterPropagationPolicySchema, type PropagationPolicy, propagationPolicySchema } from './api/policy.ts';
export type { FederatedResourceQuota } from './api/quota.ts';
export { multiClusterServiceSchema, serviceExportSchema, serviceImportSchema } from './api/services.ts';
export { ROLLOUT_WORDS, STAGED_PLACEMENT, type StagedRollout, stagedRolloutSchema } from './api/staged-rollout.ts';
export { replicasIn } from './api/target-clusters.ts';
export { BINDING_API_VERSION, WORK_API_VERSION, type Work, workSchema } from './api/work.ts';
// autoscale
export type { WorkloadLoad } from './autoscale/load.ts';
// base
export { assert, BrokenPromise } from './base/assert.ts';
export { deepFreeze } from './base/freeze.ts';
export { merged } from './base/merged.ts';
export { byName, byNumber, byText, sortedKeys } from './base/order.ts';
export { Pattern } from './base/pattern.ts';
export { PatternError } from './base/pattern-syntax.ts';
export { Random } from './base/random.ts';
export { rememberedOf } from './base/remembered.ts';
export { setField } from './base/set-field.ts';
export {
  anything,
  decimal,
  fieldPath,
  fields,
  filledText,
  flag,
  formatProblem,
  listOf,
  mapOf,
  oneOf,
  onlyFields,
  ProblemTally,
  problemsOf,
  type Shape,
  type ShapeProblem,
  type ShapeProblems,
  scalar,
  text,
  wholeNumber,
} from './base/shape.ts';
// control
export { BACK_OFF } from './control/back-off.ts';
export type { Command, CommandResult, MemberState, Question, ResultCode, Verb } from './control/command.ts';
export {
  type Attempt,
  type Controller,
  type EventRecord,
  NOTHING_TO_DO,
  type Outcome,
  type Reader,
  type Requeue,
  type View,
  type Watch,
} from './control/controller.ts';
export { ControllerManager, GUARD_MAX_MS, type ManagerOptions, type Task } from './control/manager.ts';
export { clusterOf, HUB, memberPlace, type Place } from './control/place.ts';
export type { Projection } from './control/projection.ts';
export { readTraceLine, type TraceReading } from './control/read-trace.ts';
export { type RerunResult, rerun } from './control/rerun.ts';
export { CONCURRENCY } from './control/room.ts';
export { formatTraceLine, TRACE_FORMAT, type TraceLine } from './control/trace.ts';
export { guestsOf, IMPERSONATOR } from './controllers/clusters/unified-auth/impersonation.ts';
export { hasImpersonator } from './controllers/clusters/unified-auth.ts';
// controllers
export {
  agentControllersOf,
  type ControlProcess,
  controllersOf,
  indexesOf,
  processesOf,
  schedulersOf,
  schedulersOnHubOf,
  shadowOf,
} from './controllers/index.ts';
export type { ControlPorts } from './controllers/ports.ts';
export { SCHEDULER_NAME } from './controllers/scheduling/scheduler/mine.ts';
export type { ShadowFinding } from './controllers/scheduling/scheduler/shadow.ts';
// fleet
export { Fleet } from './fleet/fleet.ts';
// kube: the wire parts (statuses, selectors in URLs, strategic merge, server-side apply)
export { applyConfiguration, configurationProblem, describeConflicts } from './kube/apply.ts';
export { changedFields, unmetFields } from './kube/changed-fields.ts';
export { findCondition, hasConditionStatus, withCondition } from './kube/conditions.ts';
export { nextTime, readSchedule } from './kube/cron-schedule.ts';
export { dropNulls } from './kube/drop-nulls.ts';
export * from './kube/field-error.ts';
export {
  appliedFields,
  compareFields,
  difference,
  type FieldSet,
  fromFieldsV1,
  isEmptySet,
  memberPaths,
  toFieldsV1,
} from './kube/field-set.ts';
export { isIp } from './kube/ip-address.ts';
export { canonicalJson, deepClone, deepEqual, isObject, type JsonObject, type JsonValue } from './kube/json.ts';
export { applyJsonPatch, type JsonPatchError } from './kube/json-patch.ts';
// kube: JSON documents and patches
export { type JsonNode, JsonScalar, parseJsonText, printJsonText } from './kube/json-text.ts';
export {
  asksToForget,
  isSameManager,
  type Manager,
  type Owner,
  ownersAfterUpdate,
  readOwners,
  writeOwners,
} from './kube/managed-fields.ts';
export { applyMergePatch, mergePatchBetween } from './kube/merge-patch.ts';
export {
  formatApiVersion,
  type KubeObject,
  type ManagedFieldsEntry,
  type ObjectMeta,
  type OwnerReference,
  objectKey,
  parseApiVersion,
} from './kube/meta.ts';
export * from './kube/name-rules.ts';
export {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityMilli,
  quantityValue,
  subtractQuantity,
} from './kube/quantity.ts';
export { int32Shape, int64Shape, quantityShape, timeShape } from './kube/scalar-shapes.ts';
// kube: structural schemas
export { ruleProblems } from './kube/schema/cel-definition.ts';
export type { CelHost, CelTextFormat, CelType, CelVariables } from './kube/schema/cel-port.ts';
export { celErrors, hasRules } from './kube/schema/cel-rules.ts';
export { applyDefaults } from './kube/schema/defaults.ts';
export { fitsFormat } from './kube/schema/formats.ts';
export { PatternMemory } from './kube/schema/pattern-memory.ts';
export { type Pruned, prune } from './kube/schema/prune.ts';
export type { StructuralSchema, ValidationRule } from './kube/schema/structural-schema.ts';
export { type ValidateOptions, validate } from './kube/schema/validate.ts';
export { isLabelValue, isQualifiedName, type LabelSelector, matchesSelector, parseSelector } from './kube/selector.ts';
export {
  type FieldTerm,
  formatLabelTerms,
  type LabelTerm,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
} from './kube/selector-text.ts';
export * from './kube/status.ts';
export { applyStrategicMergePatch } from './kube/strategic-merge.ts';
export { formatTaint, isTolerated, type Taint, type TaintEffect } from './kube/taint.ts';
export { formatMicroTime, formatTime, type Millis, parseTime } from './kube/time.ts';
export { isZoneName, type TimeZones, UTC } from './kube/time-zone.ts';
export { fieldShape, isOpen, type ListKind, listKind, type TypeShape } from './kube/type-shape.ts';
// plan
export { type Audit, audit, type DomainLoss, type WorkloadLoss } from './plan/audit.ts';
export { type BoundTemplate, bindTemplates, type Wishes } from './plan/bind-templates.ts';
export { type ClusterChange, comparePlans, type PlanComparison, type WorkloadChange } from './plan/compare-plans.ts';
export type { PlanInput, PlanPorts } from './plan/decide.ts';
export { DOMAIN_SORTS, type FailureDomain, failureDomains } from './plan/failure-domains.ts';
export { type ClusterFacts, fleetChanges, fleetFacts } from './plan/fleet-facts.ts';
export { makePlan } from './plan/make-plan.ts';
export type { Plan, PlannedCluster, PlannedWorkload } from './plan/plan.ts';
export type { PlannedRollout } from './plan/planned-rollout.ts';
export { comparable, standingPlan } from './plan/standing-plan.ts';
export {
  circumstancesOf,
  KARMADA_PROFILE,
  MUSTER_PROFILE,
  PROFILES,
  type Profile,
} from './profile/profile.ts';
export { findProfile, type ProfileReading, readProfile } from './profile/read-profile.ts';
// propagate
export { adoptingPolicy, fieldsChangedBy, replacesPods, templateFromMember } from './propagate/adopt.ts';
export { type BindOptions, bindingFor, renewBinding } from './propagate/bind.ts';
export { claimOf, isClaimed, withClaim, withoutClaim } from './propagate/claim.ts';
export { attachedBinding, isDependency } from './propagate/dependencies.ts';
export { isForsaken } from './propagate/edition.ts';
export { readyEndpoints, SERVICE_NAME } from './propagate/endpoint-slices.ts';
export { PropagationError } from './propagate/errors.ts';
export { type Answer, type EvaluatePorts, evaluate, MalformedQuestion } from './propagate/evaluate.ts';
export { builtInLayers, interpreterWith } from './propagate/interpret/built-in.ts';
export {
  type DependentReference,
  Interpreter,
  type InterpreterLayer,
  type KindInterpreter,
  type ReplicaAnswer,
} from './propagate/interpret/interpreter.ts';
export { matchPolicy, rankPolicies } from './propagate/match.ts';
export type { YamlCodec } from './propagate/override/field.ts';
export { applyOverrides, type Overridden, type OverridePolicies } from './propagate/override/override.ts';
export { pruneManifest } from './propagate/prune.ts';
export { clonedPlacement, movedPlacement } from './propagate/relocate.ts';
export { retainMemberFields } from './propagate/retain.ts';
export { sealedWork } from './propagate/sealed-work.ts';
export { resourceKeyOf, resourcesOf, stages, templateKeyOf } from './propagate/staged.ts';
export {
  aggregatedStatusOf,
  appliedCondition,
  dispatchingCondition,
  fullyAppliedCondition,
  manifestStatusOf,
  withManifestStatus,
} from './propagate/status.ts';
export { clustersWithWork, orphanWorks, targetsOf } from './propagate/targets.ts';
export { type PlannedWorks, renewWork, type WorkPorts, type WorkSources, worksFor } from './propagate/works.ts';
// schedule
export { apportion } from './schedule/assign/apportion.ts';
export type { DivisionBasis } from './schedule/assign/division.ts';
export { type BatchDecision, type Reservation, releaseReservations, scheduleAll } from './schedule/batch.ts';
export { type AnswerOptions, answerCase, type CaseAnswer, decideCase } from './schedule/case/answer-case.ts';
export { type CaseReading, clusterProblems, readCase, type ScheduleCase } from './schedule/case/read-case.ts';
export type { Decision } from './schedule/decision.ts';
export { pluginsFor } from './schedule/default-plugins.ts';
export { explain } from './schedule/explain.ts';
export { Scheduler } from './schedule/fast/scheduler.ts';
export type { Verdict } from './schedule/fast/verdict.ts';
export { type Peer, peerOf } from './schedule/peers.ts';
export { extendPlugins, type PluginSet, type ScorePlugin } from './schedule/plugin.ts';
export { type Remedy, relax } from './schedule/relax.ts';
export type { BindingInput, Strategy } from './schedule/request.ts';
export { expressionScore, SCORE_ANNOTATION, type ScoreExpression } from './schedule/score/expression.ts';
export { COST_KEY, FACTS, type FactReader, type FactValue } from './schedule/score/facts.ts';
export { limitText } from './schedule/story/limit.ts';
export type * from './schedule/story/story.ts';
export type { Explanation } from './schedule/story/story.ts';
// simulate
export type { SimulatedApi } from './simulate/api.ts';
export type { Request as SimulatedRequest } from './simulate/calls.ts';
export { Clock, cancel as cancelTimer, type Timer } from './simulate/clock.ts';
export { type QuietOptions, type ServingListener, Simulation } from './simulate/driver.ts';
export { FAULTS, type Fault, type Trigger } from './simulate/faults.ts';
export { hubAdmission } from './simulate/hub-admission.ts';
export { OwnWritesWatch } from './simulate/invariants/own-writes.ts';
export { SafetyWatch, type Sighting } from './simulate/invariants/safety.ts';
export { settledViolations } from './simulate/invariants/settled.ts';
export type { SettledPorts } from './simulate/invariants/settled-ports.ts';
export type { Violation } from './simulate/invariants/violation.ts';
export { always, drawLatency, type Latency } from './simulate/latency.ts';
export { BEHAVIOR, type Behavior, type BehaviorMatch, type BehaviorRule } from './simulate/member/behavior.ts';
export { Member, type MemberOptions, type NodePool } from './simulate/member/member.ts';
export { type Node as MemberNode, Nodes as MemberNodes } from './simulate/member/nodes.ts';
export { isActive as isActivePod, isReady as isReadyPod, type Pod, type PodPhase } from './simulate/member/pod.ts';
export { isAvailable as isAvailablePod } from './simulate/member/rollout.ts';
export {
  isWanted as isWantedNode,
  type Shape as PodShape,
  shapeOf as podShape,
  shapeOfRequirements as podShapeOfRequirements,
} from './simulate/member/shape.ts';
export type { Inside, Showing } from './simulate/member/showing.ts';
export { summaryOf as memberSummary } from './simulate/member/summary.ts';
export {
  type Fields,
  numberIn,
  objectIn,
  podSpecOf,
  shareOf,
  specOf,
  type Workload as MemberWorkload,
} from './simulate/member/workload.ts';
export { NETWORK, type NetworkOptions } from './simulate/network.ts';
export type { RateLimitOptions } from './simulate/rate-limit.ts';
export type { ProcessOptions, SimulatedProcess } from './simulate/simulated-process.ts';
export { drawFaults, type PlannedFault, type SwarmOptions } from './simulate/swarm.ts';
export type { World, WorldOptions } from './simulate/world.ts';
export { beyondQuota } from './store/beyond-quota.ts';
// store
export {
  atRevision,
  type Change,
  type ChangeType,
  type CommitRecord,
  typeSeenBy,
  type Write,
} from './store/change.ts';
export type { Collection } from './store/collection.ts';
export type { Failure, FailureCode } from './store/failure.ts';
export { fieldIndex, type IndexDefinition, labelIndex, OWNER_INDEX } from './store/indexes.ts';
export {
  type DeleteRequest,
  isFinished,
  judgeCreate,
  judgeDelete,
  judgeUpdate,
  type Precondition,
  type Propagation,
  type Rules,
  type Verdict as WriteVerdict,
  type WritePart,
} from './store/judge.ts';
export { collectionName, formatKey, keyOf, type ObjectKey, pathAfter, pathOf, pathOfObject } from './store/key.ts';
export { type ListOptions, type ListResult, listObjects, type PageStart } from './store/list.ts';
export {
  type ChangeListener,
  HISTORY_MAX,
  ObjectStore,
  type PlannedWrite,
  type StoreOptions,
  type WatchStart,
} from './store/store.ts';
export { type Admission, ObjectWriter, type WriteResult, type WriterPorts, type Written } from './store/writer.ts';
